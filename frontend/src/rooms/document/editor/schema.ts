import { Node, type JSONContent } from '@tiptap/core'
import type { Node as PM } from '@tiptap/pm/model'
import type { Block } from '@/bridge'
import { newId } from '../newId'

/**
 * The text of a paper as the editor holds it: one paragraph node per block,
 * whatever its type, a table node of rows and cells, and pictures (picture.ts). A block keeps its id
 * while it is split, joined, moved and retyped; nothing of a block is lost on
 * the way in and out, not even types this program does not know.
 */


const tag = (type: string, level: number) => (type === 'heading' ? `h${Math.min(Math.max(level, 1), 4) + 1}` : 'p')
const blockAttrs = {
  id: { default: '', parseHTML: (e: HTMLElement) => e.getAttribute('data-block') ?? '', rendered: false },
  extra: { default: null, parseHTML: () => null, rendered: false },
}

export const Doc = Node.create({ name: 'doc', topNode: true, content: '(para | table | image)+' })
export const Text = Node.create({ name: 'text', group: 'inline' })

export const Para = Node.create({
  name: 'para',
  content: '(text | br)*',
  marks: '',
  defining: true,
  addAttributes() {
    return {
      ...blockAttrs,
      type: { default: 'text', parseHTML: (e: HTMLElement) => e.getAttribute('data-type') ?? 'text', rendered: false },
      level: { default: 0, parseHTML: (e: HTMLElement) => Number(e.getAttribute('data-level') ?? 0), rendered: false },
    }
  },
  parseHTML: () => [{ tag: '[data-block]:not(table):not(figure)', preserveWhitespace: 'full' }],
  renderHTML({ node }) {
    const { id, type, level, extra } = node.attrs as { id: string; type: string; level: number; extra: Record<string, string> | null }
    return [
      tag(type, level),
      { 'data-block': id, 'data-type': type, 'data-level': level, class: `b b-${type}${level ? level : ''}${extra?.align ? ` b-${extra.align}` : ''}${extra?.turned === 'yes' ? ' b-turned' : ''}${type === 'annex' && extra?.apart === 'yes' ? ' b-apart' : ''}` },
      0,
    ]
  },
})

export const Break = Node.create({
  name: 'br',
  group: 'inline',
  inline: true,
  selectable: false,
  parseHTML: () => [{ tag: 'br' }],
  renderHTML: () => ['br'],
  renderText: () => '\n',
})

export const Table = Node.create({
  name: 'table',
  content: 'row+',
  isolating: true,
  addAttributes: () => blockAttrs,
  parseHTML: () => [{ tag: 'table[data-block]' }],
  renderHTML: ({ node }) => ['table', { 'data-block': node.attrs.id as string, class: `b b-table${(node.attrs.extra as Record<string, string> | null)?.turned === 'yes' ? ' b-turned' : ''}` }, ['tbody', 0]],
})
export const Row = Node.create({ name: 'row', content: 'cell+', parseHTML: () => [{ tag: 'tr' }], renderHTML: () => ['tr', 0] })
export const Cell = Node.create({
  name: 'cell',
  content: 'text*',
  marks: '',
  isolating: true,
  parseHTML: () => [{ tag: 'td' }, { tag: 'th' }],
  renderHTML: () => ['td', 0],
})

/** toDoc makes the editor's document of blocks. */
export function toDoc(blocks: Block[]): JSONContent {
  const list = blocks.length ? blocks : [{ id: newId(), type: 'text', level: 0, text: '' }]
  return { type: 'doc', content: list.map(toNode) }
}

/** toNode is one block as a node. */
export function toNode(b: Block): JSONContent {
  const extra = b.attrs && Object.keys(b.attrs).length ? { ...b.attrs } : null
  if (b.type === 'table') {
    const cell = (s: string): JSONContent => ({ type: 'cell', ...(s ? { content: [{ type: 'text', text: s }] } : {}) })
    return {
      type: 'table',
      attrs: { id: b.id, extra },
      content: b.text.split('\n').map((r) => ({ type: 'row', content: r.split('\t').map(cell) })),
    }
  }
  if (b.type === 'image') return { type: 'image', attrs: { id: b.id, extra }, ...(b.text ? { content: [{ type: 'text', text: b.text }] } : {}) }
  const content: JSONContent[] = []
  for (const [i, line] of b.text.split('\n').entries()) {
    if (i) content.push({ type: 'br' })
    if (line) content.push({ type: 'text', text: line })
  }
  return { type: 'para', attrs: { id: b.id, type: b.type, level: b.level, extra }, ...(content.length ? { content } : {}) }
}

/** textOf is the text of a node as its block holds it: lines by \n, cells by \t. */
export function textOf(n: PM): string {
  const parts: string[] = []
  if (n.type.name === 'table') {
    n.forEach((row) => {
      const cells: string[] = []
      row.forEach((c) => cells.push(c.textContent.replace(/[\t\n]/g, ' ')))
      parts.push(cells.join('\t'))
    })
    return parts.join('\n')
  }
  if (n.type.name === 'image') return n.textContent.replace(/[\t\n]/g, ' ')
  n.forEach((c) => parts.push(c.isText ? (c.text ?? '') : '\n'))
  return parts.join('')
}

/** toBlocks reads the blocks back. */
export function toBlocks(doc: PM): Block[] {
  const out: Block[] = []
  doc.forEach((n) => {
    const { id, type, level, extra } = n.attrs as { id: string; type?: string; level?: number; extra: Record<string, string> | null }
    const b: Block = { id, type: n.type.name === 'para' ? (type ?? 'text') : n.type.name, level: level ?? 0, text: textOf(n) }
    if (extra) b.attrs = { ...extra }
    out.push(b)
  })
  return out
}
