import type { Block } from '@/bridge'
import { prefixIn } from './numbering'
import { newId } from '../newId'

/**
 * What comes from Word, WPS or a browser becomes clean blocks: paragraphs,
 * headings and tables; fonts, colours and everything else stay behind. The
 * source is only read, in a document of its own that runs nothing.
 */

/** clean is a line as a block holds it. */
export function clean(s: string): string {
  return s
    .replace(/[\u00a0\u2002-\u200a]/g, ' ')
    .replace(/[\u200b\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')
}

/** blockOf makes a line a block: a short numbered line without a full stop is a heading. */
export function blockOf(text: string, level = 0): Block {
  const p = prefixIn(text)
  const short = [...text].length <= 40 && !/[。；：，！？]/.test(text)
  if (level) return { id: newId(), type: 'heading', level: p?.level ?? level, text }
  if (p && p.level <= 2 && short) return { id: newId(), type: 'heading', level: p.level, text }
  if (/^附件[：:]/.test(text)) return { id: newId(), type: 'attachment', level: 0, text: text.replace(/^附件[：:]\s*/, '') }
  return { id: newId(), type: 'text', level: 0, text }
}

export function blocksFromText(text: string): Block[] {
  const out: Block[] = []
  let rows: string[] = []
  const flush = () => {
    if (rows.length) out.push({ id: newId(), type: 'table', level: 0, text: rows.join('\n') })
    rows = []
  }
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  for (const line of lines) {
    // Two lines and more with cells are a table, as a sheet is copied.
    if (/\S\t|\t\S/.test(line.trim()) && lines.filter((l) => l.trim().includes('\t')).length > 1) {
      rows.push(line.split('\t').map(clean).join('\t'))
      continue
    }
    flush()
    const c = clean(line)
    if (c) out.push(blockOf(c))
  }
  flush()
  return out
}

const SKIP = new Set(['STYLE', 'SCRIPT', 'META', 'LINK', 'TITLE', 'XML', 'HEAD', 'TEMPLATE', 'NOSCRIPT', 'IFRAME', 'OBJECT', 'SVG', 'IMG', 'O:P'])
const PARTS = new Set(['P', 'DIV', 'LI', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE', 'PRE', 'TR', 'UL', 'OL', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'DT', 'DD', 'BODY', 'CENTER'])

/** blocksFromHTML reads what was copied as a page. */
export function blocksFromHTML(html: string): Block[] {
  const doc = new DOMParser().parseFromString(html, 'text/html')
  const out: Block[] = []
  let line = ''
  let level = 0
  const flush = () => {
    const c = clean(line.replace(/[\t\n\r ]+/g, ' '))
    if (c) out.push(blockOf(c, level))
    line = ''
  }
  const text = (n: Node): string => {
    if (n.nodeType === 3) return n.nodeValue ?? ''
    if (n.nodeType !== 1 || SKIP.has(n.nodeName.toUpperCase())) return ''
    if (n.nodeName === 'BR') return ' '
    return [...n.childNodes].map(text).join('')
  }
  const walk = (n: Node) => {
    if (n.nodeType === 3) {
      line += n.nodeValue ?? ''
      return
    }
    if (n.nodeType !== 1) return
    const e = n as HTMLElement
    const name = e.nodeName.toUpperCase()
    if (SKIP.has(name) || /display:\s*none/.test(e.getAttribute('style') ?? '')) return
    if (name === 'BR') return flush()
    if (name === 'TABLE') {
      flush()
      const rows = [...e.querySelectorAll('tr')].map((tr) => [...tr.children].filter((c) => /^T[DH]$/.test(c.nodeName)).map((c) => clean(text(c).replace(/\s+/g, ' '))).join('\t'))
      const full = rows.filter((r) => r.trim())
      if (full.length) out.push({ id: newId(), type: 'table', level: 0, text: full.join('\n') })
      return
    }
    const part = PARTS.has(name)
    if (part) flush()
    const was = level
    const style = /(?:Mso)?Heading\s*([1-4])|标题\s*([1-4])/.exec(e.className)
    if (/^H[1-6]$/.test(name)) level = Math.min(4, Number(name[1]))
    else if (style) level = Number(style[1] ?? style[2])
    e.childNodes.forEach(walk)
    if (part) flush()
    level = was
  }
  walk(doc.body)
  flush()
  return out
}
