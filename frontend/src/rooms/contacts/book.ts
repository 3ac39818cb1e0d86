import type { Card, Person } from '@/bridge'
import { isolate } from '@/i18n/isolate'

export type Book = 'all' | 'public' | 'mine' | 'cards'
export const books: Book[] = ['all', 'public', 'mine', 'cards']

/** Row is somebody of either book. */
export type Row = { key: string; name: string; pinyin: string; letter: string; sub: string; phone: string; card?: Card; person?: Person }

/** letterOf is the letter under which a name stands: A to Z, # for what has no reading. */
export function letterOf(pinyin: string): string {
  const c = pinyin.charAt(0).toUpperCase()
  return c >= 'A' && c <= 'Z' ? c : '#'
}

export function cardRow(c: Card): Row {
  return { key: `c-${c.id}`, name: c.name, pinyin: c.pinyin, letter: letterOf(c.pinyin), sub: [c.org, c.title].filter(Boolean).map(isolate).join(' · '), phone: c.phones[0] ?? '', card: c }
}
export function personRow(p: Person): Row {
  return { key: `p-${p.id}`, name: p.name, pinyin: p.pinyin, letter: letterOf(p.pinyin), sub: [p.unitName, p.title].filter(Boolean).map(isolate).join(' · '), phone: p.phone, person: p }
}

/** byPinyin sorts by reading, those without one last. */
export function byPinyin(a: Row, b: Row): number {
  const [x, y] = [a.letter === '#' ? '~' : a.pinyin, b.letter === '#' ? '~' : b.pinyin]
  return x < y ? -1 : x > y ? 1 : 0
}

/** letters are those under which somebody stands, each with the first of them. */
export function letters(rows: Row[]): Map<string, string> {
  const out = new Map<string, string>()
  for (const r of rows) if (!out.has(r.letter)) out.set(r.letter, r.key)
  return out
}

/** alphabet is what the rail shows. */
export const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ#']

/** groupsOf are the groups of one's cards with how many are in each; the one without a name last. */
export function groupsOf(cards: Card[]): { name: string; n: number }[] {
  const n = new Map<string, number>()
  for (const c of cards) n.set(c.group, (n.get(c.group) ?? 0) + 1)
  return [...n].map(([name, count]) => ({ name, n: count })).sort((a, b) => (a.name === '' ? 1 : b.name === '' ? -1 : a.name.localeCompare(b.name, 'zh-CN')))
}
