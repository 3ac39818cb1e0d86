import type { Block } from '@/bridge'

/** Numbers of headings by level (GB/T 9704): 一、 （一） 1. （1） */
const digits = '〇一二三四五六七八九'

/** hanzi is a number up to 99 in characters: 十二, 二十. */
export function hanzi(n: number): string {
  if (n < 10) return digits[n] as string
  if (n > 99) return [...String(n)].map((d) => digits[Number(d)]).join('')
  const tens = Math.floor(n / 10)
  return `${tens > 1 ? digits[tens] : ''}十${n % 10 ? digits[n % 10] : ''}`
}

export function prefixOf(level: number, n: number): string {
  return [`${hanzi(n)}、`, `（${hanzi(n)}）`, `${n}.`, `（${n}）`][level - 1] ?? ''
}

const prefixes = [/^[〇零一二三四五六七八九十百]+、/, /^[（(][〇零一二三四五六七八九十百]+[）)]/, /^\d{1,3}[.．、](?!\d)/, /^[（(]\d{1,3}[）)]/]

/** prefixIn is the number a text begins with, and the level it tells. */
export function prefixIn(text: string): { level: number; prefix: string } | undefined {
  for (const [i, re] of prefixes.entries()) {
    const m = re.exec(text)
    if (m) return { level: i + 1, prefix: m[0] }
  }
  return undefined
}

/** bare is a text without the number it begins with. */
export function bare(text: string): string {
  return text.slice(prefixIn(text)?.prefix.length ?? 0).replace(/^[\s\u3000]+/, '')
}

/**
 * numbers are the numbers that headings should begin with, by the place of the
 * block. A heading that begins with no number gets none, but for those named.
 */
export function numbers(blocks: Pick<Block, 'id' | 'type' | 'level' | 'text'>[], also: string[] = []): Map<number, string> {
  const out = new Map<number, string>()
  const count = [0, 0, 0, 0, 0]
  for (const [i, b] of blocks.entries()) {
    if (b.type === 'annex') count.fill(0) // an annex numbers its own
    if (b.type !== 'heading') continue
    if (!prefixIn(b.text) && !also.includes(b.id)) continue
    const level = Math.min(Math.max(b.level, 1), 4)
    count[level] = (count[level] ?? 0) + 1
    count.fill(0, level + 1)
    out.set(i, prefixOf(level, count[level] as number))
  }
  return out
}
