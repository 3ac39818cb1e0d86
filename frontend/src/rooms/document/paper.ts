import type { Block, Elements } from '@/bridge'

/** One paragraph as it stands on paper. */
export interface Paragraph {
  key: string
  cls: string
  text: string
  /** cells of a table's row; empty for text */
  cells?: string[]
}

/** A part of a paragraph on one page: cut at its end, or carried on from the page before. */
export interface Part extends Paragraph {
  cut?: boolean
  on?: boolean
}

/** Lines of the 版心 (GB/T 9704): 22 a page. */
export const LINES = 22

/** paragraphs makes the text of a paper: 主送, the blocks, 附注. */
export function paragraphs(kind: string, e: Elements, blocks: Block[]): Paragraph[] {
  const out: Paragraph[] = []
  if (kind !== 'in' && e.to.length > 0) out.push({ key: 'to', cls: 'to', text: `${e.to.join('，')}：` })
  let attachments = 0
  for (const [i, b] of blocks.entries()) {
    switch (b.type) {
      case 'heading':
        out.push({ key: b.id, cls: `h${Math.min(Math.max(b.level, 1), 4)}`, text: b.text })
        break
      case 'attachment':
        if (attachments === 0) out.push({ key: `${b.id}-gap`, cls: 'gap', text: '' })
        out.push({ key: b.id, cls: attachments === 0 ? 'att' : 'att2', text: attachments === 0 ? withLabel(b.text) : b.text })
        attachments++
        break
      case 'signature':
        if (blocks[i - 1]?.type !== 'signature') {
          out.push({ key: `${b.id}-gap1`, cls: 'gap', text: '' }, { key: `${b.id}-gap2`, cls: 'gap', text: '' })
        }
        out.push({ key: b.id, cls: 'sign unit', text: b.text })
        break
      case 'date':
        out.push({ key: b.id, cls: 'sign', text: b.text })
        break
      case 'table':
        for (const [n, row] of b.text.split('\n').entries()) {
          out.push({ key: `${b.id}-${n}`, cls: 'row', text: row, cells: row.split('\t') })
        }
        break
      default:
        for (const [n, line] of b.text.split('\n').entries()) {
          out.push({ key: n === 0 ? b.id : `${b.id}-${n}`, cls: align(b), text: line })
        }
    }
  }
  if (e.note) out.push({ key: 'note', cls: '', text: `（${e.note}）` })
  return out
}

function align(b: Block): string {
  const a = b.attrs?.align
  return a === 'center' ? 'center' : a === 'right' ? 'sign' : ''
}

function withLabel(text: string): string {
  return text.startsWith('附件') ? text : `附件：${text}`
}

/** headMark is the 发文机关标志, "" for papers without a red head. */
export function headMark(kind: string, e: Elements, unit: string): string {
  const issuer = e.issuer || (kind === 'sign' ? unit : '')
  if (kind === 'in' || !issuer) return ''
  if (kind === 'sign') return issuer + e.genre
  return e.genre === '函' ? issuer : `${issuer}文件`
}

/** titleLines are the lines of the title: it breaks behind the issuer. */
export function titleLines(kind: string, e: Elements): string[] {
  if (kind !== 'out' || !e.issuer) return breakTitle(e.title)
  if (e.title.startsWith('关于')) return [e.issuer, ...breakTitle(e.title)]
  const rest = e.title.startsWith(e.issuer) ? e.title.slice(e.issuer.length) : ''
  return rest ? [e.issuer, ...breakTitle(rest)] : breakTitle(e.title)
}

/** Characters of 2号 that the 版心 holds in one line. */
const TITLE = 20

/**
 * breakTitle cuts a long title into lines of about the same length, behind a
 * word that may end a line; the 文种 at its end stays whole.
 */
export function breakTitle(title: string): string[] {
  const c = [...title]
  if (c.length <= TITLE) return [title]
  const lines = Math.ceil(c.length / TITLE)
  const want = c.length / lines
  let best = 0
  let score = Infinity
  for (let i = Math.max(2, c.length - TITLE * (lines - 1)); i <= Math.min(TITLE, c.length - 3); i++) {
    const good = '的和与及、，对关'.includes(c[i - 1] ?? '') && c[i - 1] !== '关' ? 0 : c[i - 1] === '》' ? 0 : 3
    const s = Math.abs(i - want) + good
    if (s < score) {
      score = s
      best = i
    }
  }
  return [c.slice(0, best).join(''), ...breakTitle(c.slice(best).join(''))]
}

/** Where a paragraph's lines break: the offsets at which lines 2, 3, … begin. */
export type Breaks = number[]

/**
 * paginate puts measured paragraphs on pages of 22 lines; `first` lines of the
 * first page are taken by the head, `last` lines must be free at the end for
 * the 版记. A heading does not stay alone at the foot of a page.
 */
export function paginate(list: { p: Paragraph; breaks: Breaks }[], first: number, last: number): Part[][] {
  const pages: Part[][] = [[]]
  let room = LINES - first
  const turn = () => {
    pages.push([])
    room = LINES
  }
  const page = () => pages[pages.length - 1] as Part[]
  for (const [i, { p, breaks }] of list.entries()) {
    if (room <= 0) turn()
    const alone = /^h\d$/.test(p.cls) && room <= breaks.length + 1 && i + 1 < list.length && page().length > 0
    if (alone) turn()
    if (p.cls === 'gap' && page().length === 0) continue // a page does not begin with an empty line
    let from = 0
    let line = 0
    while (breaks.length + 1 - line > room) {
      const at = breaks[line + room - 1] as number
      page().push({ ...p, text: p.text.slice(from, at), cut: true, on: from > 0 })
      from = at
      line += room
      turn()
    }
    page().push({ ...p, text: p.text.slice(from), on: from > 0 })
    room -= breaks.length + 1 - line
  }
  if (last > 0 && room < last) turn()
  return pages
}
