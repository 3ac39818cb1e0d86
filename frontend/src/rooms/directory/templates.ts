import type { TemplateInput, TemplateView } from '@/bridge'

/** The numbers of a template as a person reads them: from the page to its foot. */
export const groups: { id: string; fields: string[]; flags: string[] }[] = [
  { id: 'page', fields: ['top', 'left', 'width', 'height', 'lines', 'chars', 'page_no_drop'], flags: [] },
  { id: 'head', fields: ['mark_top', 'mark_size', 'number_gap', 'rule_gap', 'rule_width'], flags: [] },
  { id: 'text', fields: ['title_gap', 'body_gap', 'table_size'], flags: ['auto_levels', 'bold_third'] },
  { id: 'sign', fields: ['seal_size', 'seal_blank', 'sign_w', 'sign_h'], flags: [] },
  { id: 'foot', fields: ['colophon_line'], flags: ['colophon_even'] },
]

const inLines = ['lines', 'number_gap', 'title_gap', 'body_gap', 'seal_blank']

/** unitOf says what a number counts. */
export function unitOf(field: string): 'line' | 'char' | 'mm' {
  return field === 'chars' ? 'char' : inLines.includes(field) ? 'line' : 'mm'
}

/** inputOf is a template as the form begins with it: numbers in their own units, not in thousandths. */
export function inputOf(x?: TemplateView): TemplateInput {
  return {
    key: x?.key ?? '', base: x && !x.preset ? x.version : 0, name: x?.name ?? '', format: x?.format ?? 'file', issuers: [...(x?.issuers ?? [])], off: x?.off ?? false, words: '',
    numbers: (x?.numbers ?? []).map((n) => ({ ...n, value: n.value / 1000, low: n.low / 1000, high: n.high / 1000 })), flags: (x?.flags ?? []).map((f) => ({ ...f })),
  }
}

/** toBridge is what a form says, as the program counts. */
export function toBridge(x: TemplateInput): TemplateInput {
  const k = (v: number) => Math.round(v * 1000)
  return { ...x, issuers: [...x.issuers], flags: x.flags.map((f) => ({ ...f })), numbers: x.numbers.map((n) => ({ ...n, value: k(n.value), low: k(n.low), high: k(n.high) })) }
}

/** outside are the numbers that leave their limits, or are none. */
export function outside(numbers: TemplateInput['numbers']): string[] {
  return numbers
    .filter((n) => typeof n.value !== 'number' || !Number.isFinite(n.value) || n.value < n.low - 1e-6 || n.value > n.high + 1e-6 || (n.whole && !Number.isInteger(n.value)))
    .map((n) => n.field)
}

/** changedNumbers are the numbers that differ from the standard's. */
export function changedNumbers(x: TemplateInput, preset?: TemplateView): Set<string> {
  const base = new Map(preset?.numbers.map((n) => [n.field, n.value / 1000]))
  return new Set(x.numbers.filter((n) => base.has(n.field) && Math.abs((base.get(n.field) as number) - n.value) > 1e-6).map((n) => n.field))
}
