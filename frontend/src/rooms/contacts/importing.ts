import type { CardChoice, FileCard } from '@/bridge'

export type Act = 'new' | 'join' | 'skip'

/** firstActs is what is proposed: who is here already learns what is new, a twin within the file is left out. */
export function firstActs(cards: FileCard[]): Act[] {
  return cards.map((c) => (c.same.length ? 'join' : c.twin ? 'skip' : 'new'))
}

/** batches cuts choices into calls that each take a moment, so that progress shows and stopping works. */
export function batches(choices: CardChoice[], size = 25): CardChoice[][] {
  const out: CardChoice[][] = []
  for (let i = 0; i < choices.length; i += size) out.push(choices.slice(i, i + size))
  return out
}

/** base64 is a file's bytes as text for the bridge. */
export async function base64(f: Blob): Promise<string> {
  const bytes = new Uint8Array(await f.arrayBuffer())
  let s = ''
  for (let i = 0; i < bytes.length; i += 0x8000) s += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(s)
}
