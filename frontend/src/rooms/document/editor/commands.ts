import type { Editor } from '@tiptap/core'
import { Fragment, Slice, type Node as PM } from '@tiptap/pm/model'
import { NodeSelection, Selection, TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state'
import type { Block } from '@/bridge'
import { bare, numbers, prefixIn } from './numbering'
import { findKey, findState } from './find'
import { newId } from '../newId'
import { textOf, toBlocks, toNode } from './schema'

/** blockAt is the block that a place lies in. */
export function blockAt(state: EditorState, pos = state.selection.from): { node: PM; at: number; index: number } | undefined {
  const $ = state.doc.resolve(Math.min(pos, state.doc.content.size))
  const index = Math.min($.index(0), state.doc.childCount - 1)
  const node = state.doc.maybeChild(index)
  if (!node) return undefined
  let at = 0
  for (let i = 0; i < index; i++) at += state.doc.child(i).nodeSize
  return { node, at, index }
}

/** blocksIn are the blocks that the selection touches. */
function blocksIn(state: EditorState): { node: PM; at: number }[] {
  const { from, to } = state.selection
  const out: { node: PM; at: number }[] = []
  state.doc.forEach((node, at) => {
    if (at + node.nodeSize > from && at < Math.max(to, from + 1)) out.push({ node, at })
  })
  return out
}

/** typeIn names the type of the block under the caret, as the menu does. */
export function typeIn(state: EditorState): string {
  const b = blockAt(state)
  if (!b) return 'text'
  if (b.node.type.name !== 'para') return b.node.type.name
  return b.node.attrs.type === 'heading' ? `h${b.node.attrs.level as number}` : (b.node.attrs.type as string)
}

/** renumber puts the numbers of headings in order. */
function renumber(tr: Transaction, also: string[] = []): void {
  const blocks = toBlocks(tr.doc)
  const want = numbers(blocks, also)
  const places: number[] = []
  tr.doc.forEach((_, at) => places.push(at))
  for (const [i, prefix] of [...want].reverse()) {
    const b = blocks[i] as Block
    const had = prefixIn(b.text)?.prefix ?? ''
    if (had === prefix) continue
    const from = (places[i] as number) + 1
    tr.insertText(prefix, from, from + had.length)
  }
}
export function renumberAll(e: Editor): void {
  e.chain().focus().command(({ tr }) => (renumber(tr), true)).run()
}

/** retype makes the blocks of the selection another type; headings get their numbers, others lose them. */
export function retype(e: Editor, id: string): void {
  const level = /^h[1-4]$/.test(id) ? Number(id[1]) : 0
  const type = level ? 'heading' : id
  e.chain()
    .focus()
    .command(({ tr, state }) => {
      const also: string[] = []
      for (const { node, at } of blocksIn(state).reverse()) {
        if (node.type.name !== 'para') continue
        tr.setNodeMarkup(at, undefined, { ...node.attrs, type, level })
        const text = textOf(node)
        const had = prefixIn(text)
        if (node.attrs.type === 'heading' && !level && had) tr.delete(at + 1, at + 1 + (text.length - bare(text).length))
        if (level) also.push(node.attrs.id as string)
      }
      if (also.length) renumber(tr, also)
      return true
    })
    .run()
}

/** turnable is the block under the caret that may lie across: an annex, which may be bound apart too, or a table. */
export function turnable(state: EditorState): { turned: boolean; apart?: boolean } | undefined {
  const b = blockAt(state)
  if (!b || (b.node.type.name !== 'table' && b.node.attrs.type !== 'annex')) return undefined
  const extra = b.node.attrs.extra as Record<string, string> | null
  return { turned: extra?.turned === 'yes', ...(b.node.type.name === 'table' ? {} : { apart: extra?.apart === 'yes' }) }
}
/** turn lays the annex or the table under the caret across (横表), or upright again. */
export const turn = (e: Editor): void => mark(e, 'turned')
/** bindApart says that the annex under the caret is not bound with the paper, or is again. */
export const bindApart = (e: Editor): void => mark(e, 'apart')
function mark(e: Editor, what: 'turned' | 'apart'): void {
  e.chain()
    .focus()
    .command(({ tr, state }) => {
      const b = blockAt(state)
      if (!b || turnable(state)?.[what] === undefined) return false
      const extra = { ...(b.node.attrs.extra as Record<string, string> | null) }
      if (extra[what] === 'yes') delete extra[what]
      else extra[what] = 'yes'
      tr.setNodeMarkup(b.at, undefined, { ...b.node.attrs, extra: Object.keys(extra).length ? extra : null })
      return true
    })
    .run()
}

/** insertTable puts a table of empty cells behind the block under the caret. */
export function insertTable(e: Editor, rows: number, columns: number): void {
  e.chain()
    .focus()
    .command(({ tr, state }) => {
      const b = blockAt(state)
      if (!b) return false
      const text = Array.from({ length: rows }, () => Array(columns).fill('').join('\t')).join('\n')
      const nodes = [state.schema.nodeFromJSON(toNode({ id: newId(), type: 'table', level: 0, text }))]
      const empty = b.node.type.name === 'para' && b.node.content.size === 0
      const at = empty ? b.at : b.at + b.node.nodeSize
      if (b.index === state.doc.childCount - 1) nodes.push(state.schema.nodeFromJSON(toNode({ id: newId(), type: 'text', level: 0, text: '' })))
      tr.replaceWith(at, empty ? b.at + b.node.nodeSize : at, nodes)
      tr.setSelection(TextSelection.near(tr.doc.resolve(at + 3)))
      return true
    })
    .run()
}

/** insertPicture puts a picture at a place, or behind the block under the caret; an empty paragraph gives way. */
export function insertPicture(e: Editor, block: Block, pos?: number): void {
  const { state } = e
  const b = blockAt(state, pos)
  if (!b) return
  const tr = state.tr
  const nodes = [state.schema.nodeFromJSON(toNode(block))]
  const empty = b.node.type.name === 'para' && b.node.content.size === 0
  const at = empty ? b.at : b.at + b.node.nodeSize
  if (b.index === state.doc.childCount - 1) nodes.push(state.schema.nodeFromJSON(toNode({ id: newId(), type: 'text', level: 0, text: '' })))
  tr.replaceWith(at, empty ? b.at + b.node.nodeSize : at, nodes)
  // The caret stands in the caption: it is what is written next.
  tr.setSelection(TextSelection.create(tr.doc, at + 1))
  e.view.dispatch(tr.scrollIntoView())
  e.view.focus()
}

/** cellAt is where the caret is in a table. */
export function cellAt(state: EditorState): { table: PM; at: number; row: number; column: number } | undefined {
  const $ = state.selection.$from
  if ($.depth < 3 || $.node(1).type.name !== 'table') return undefined
  return { table: $.node(1), at: $.before(1), row: $.index(1), column: $.index(2) }
}

/** tableEdit changes rows and columns of the table under the caret. */
export function tableEdit(e: Editor, what: 'rowBefore' | 'rowAfter' | 'columnBefore' | 'columnAfter' | 'dropRow' | 'dropColumn' | 'dropTable'): void {
  e.chain()
    .focus()
    .command(({ tr, state }) => {
      const c = cellAt(state)
      if (!c) return false
      const grid = textOf(c.table)
        .split('\n')
        .map((r) => r.split('\t'))
      let { row, column } = c
      const width = Math.max(...grid.map((r) => r.length))
      const insert = (at: number) => grid.forEach((r) => r.length >= at && r.splice(at, 0, ''))
      switch (what) {
        case 'rowBefore':
          grid.splice(row, 0, Array(width).fill(''))
          break
        case 'rowAfter':
          grid.splice(++row, 0, Array(width).fill(''))
          break
        case 'columnBefore':
          insert(column)
          break
        case 'columnAfter':
          insert(++column)
          break
        case 'dropRow':
          grid.splice(row, 1)
          break
        case 'dropColumn':
          grid.forEach((r) => r.splice(column, 1))
          break
      }
      const left = grid.filter((r) => r.length)
      if (what === 'dropTable' || !left.length) {
        const empty = state.schema.nodeFromJSON(toNode({ id: newId(), type: 'text', level: 0, text: '' }))
        tr.replaceWith(c.at, c.at + c.table.nodeSize, empty)
        tr.setSelection(TextSelection.near(tr.doc.resolve(c.at + 1)))
        return true
      }
      const extra = c.table.attrs.extra as Record<string, string> | null
      const next = state.schema.nodeFromJSON(
        toNode({ id: c.table.attrs.id as string, type: 'table', level: 0, text: left.map((r) => r.join('\t')).join('\n'), ...(extra ? { attrs: extra } : {}) }),
      )
      tr.replaceWith(c.at, c.at + c.table.nodeSize, next)
      select(tr, c.at, Math.min(row, left.length - 1), column)
      return true
    })
    .run()
}

function select(tr: Transaction, at: number, row: number, column: number): void {
  const table = tr.doc.nodeAt(at)
  if (!table) return
  let pos = at + 1
  for (let i = 0; i < row; i++) pos += table.child(i).nodeSize
  const r = table.child(row)
  pos++
  const col = Math.min(column, r.childCount - 1)
  for (let i = 0; i < col; i++) pos += r.child(i).nodeSize
  tr.setSelection(TextSelection.create(tr.doc, pos + 1, pos + 1 + r.child(col).content.size))
}

/** nextCell goes on in a table; behind the last cell it begins a row. */
export function nextCell(e: Editor, by: 1 | -1): boolean {
  const c = cellAt(e.state)
  if (!c) return false
  const width = c.table.child(c.row).childCount
  let { row, column } = c
  column += by
  if (column >= width) {
    row++
    column = 0
  } else if (column < 0) {
    row--
    column = row >= 0 ? c.table.child(row).childCount - 1 : 0
  }
  if (row < 0) return true
  if (row >= c.table.childCount) {
    tableEdit(e, 'rowAfter')
    const after = cellAt(e.state)
    if (after) e.view.dispatch(withCell(e.state.tr, after.at, after.row, 0))
    return true
  }
  e.view.dispatch(withCell(e.state.tr, c.at, row, column))
  return true
}
function withCell(tr: Transaction, at: number, row: number, column: number): Transaction {
  select(tr, at, row, column)
  return tr.scrollIntoView()
}

/** enter begins a block. At the beginning of one the new block stands before it, so that the words keep their id. */
export function enter(e: Editor): boolean {
  const cell = cellAt(e.state)
  if (cell) {
    if (cell.row + 1 < cell.table.childCount) e.view.dispatch(withCell(e.state.tr, cell.at, cell.row + 1, cell.column))
    else {
      const after = cell.at + cell.table.nodeSize
      const tr = e.state.tr
      if (!tr.doc.nodeAt(after)) tr.insert(after, e.state.schema.nodeFromJSON(toNode({ id: newId(), type: 'text', level: 0, text: '' })))
      e.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView())
    }
    return true
  }
  const { state } = e
  if (state.selection.$from.parent.type.name === 'image') {
    // From a caption on to what follows.
    const after = state.selection.$from.after(1)
    const tr = state.tr
    const next = state.doc.nodeAt(after)
    if (!next || next.type.name !== 'para') tr.insert(after, state.schema.nodeFromJSON(toNode({ id: newId(), type: 'text', level: 0, text: '' })))
    e.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView())
    return true
  }
  if (state.selection.$from.parent.type.name !== 'para') return false
  const tr = state.tr.deleteSelection()
  const $ = tr.doc.resolve(tr.mapping.map(state.selection.from))
  if ($.parent.type.name !== 'para') return false
  const para = state.schema.nodes.para
  if (!para) return false
  const goesOn = ['text', 'attachment'].includes($.parent.attrs.type as string) ? ($.parent.attrs.type as string) : 'text'
  const fresh = { id: newId(), type: goesOn, level: 0, extra: null }
  if ($.parentOffset === 0 && $.parent.content.size > 0) tr.insert($.before(1), para.create(fresh))
  else tr.split($.pos, 1, [{ type: para, attrs: fresh }])
  e.view.dispatch(tr.scrollIntoView())
  return true
}

/** backspace at the beginning of anything but plain text makes it that first. */
export function backspace(e: Editor): boolean {
  const { $from, empty } = e.state.selection
  if (empty && $from.parentOffset === 0 && $from.parent.type.name === 'image') {
    e.view.dispatch(e.state.tr.setSelection(NodeSelection.create(e.state.doc, $from.before(1)))) // once more takes it out
    return true
  }
  if (!empty || $from.parentOffset > 0 || $from.parent.type.name !== 'para' || $from.parent.attrs.type === 'text') return false
  e.view.dispatch(e.state.tr.setNodeMarkup($from.before(1), undefined, { ...$from.parent.attrs, type: 'text', level: 0 }))
  return true
}

/** move takes the block under the caret one place up or down; its id goes with it. */
export function move(e: Editor, by: 1 | -1): boolean {
  const b = blockAt(e.state)
  if (!b) return false
  const to = b.index + by
  if (to < 0 || to >= e.state.doc.childCount) return true
  const inside = e.state.selection.from - b.at
  const tr = e.state.tr.delete(b.at, b.at + b.node.nodeSize)
  let at = 0
  for (let i = 0; i < to; i++) at += tr.doc.child(i).nodeSize
  tr.insert(at, b.node)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(at + inside, tr.doc.content.size))))
  e.view.dispatch(tr.scrollIntoView())
  return true
}

/** insertBlocks puts pasted blocks where the caret is; one plain line goes into the block there. */
export function insertBlocks(e: Editor, blocks: Block[]): boolean {
  const { state } = e
  const [first] = blocks
  if (!first) return true
  if (['cell', 'image'].includes(state.selection.$from.parent.type.name)) {
    e.view.dispatch(state.tr.insertText(blocks.map((b) => b.text.replace(/[\t\n]+/g, ' ')).join(' ')).scrollIntoView())
    return true
  }
  const here = state.selection.$from.parent
  if (blocks.length === 1 && first.type !== 'table' && (here.content.size > 0 || first.type === 'text')) {
    e.view.dispatch(state.tr.insertText(first.text).scrollIntoView())
    return true
  }
  const nodes = Fragment.from(blocks.map((b) => state.schema.nodeFromJSON(toNode(b))))
  const tr = state.tr.deleteSelection()
  const $ = tr.doc.resolve(tr.mapping.map(state.selection.from))
  const depth = $.depth
  if (depth === 1 && $.parent.content.size === 0) {
    tr.replaceWith($.before(1), $.after(1), nodes)
    tr.setSelection(Selection.near(tr.doc.resolve($.before(1) + nodes.size - 1), -1))
  } else if (depth === 1 && $.parentOffset === $.parent.content.size) {
    tr.insert($.after(1), nodes)
    tr.setSelection(Selection.near(tr.doc.resolve($.after(1) + nodes.size - 1), -1))
  } else tr.replaceSelection(new Slice(nodes, 0, 0))
  e.view.dispatch(tr.scrollIntoView())
  return true
}

/** Looking for words. */
export function lookFor(e: Editor, query: { text: string; matchCase: boolean; whole: boolean }): void {
  e.view.dispatch(e.state.tr.setMeta(findKey, { query, at: 0 }))
  if (query.text) goTo(e, 0)
}
export function goTo(e: Editor, by: number): void {
  const s = findState(e.state)
  if (!s.matches.length) return
  const at = (s.at + by + s.matches.length) % s.matches.length
  const m = s.matches[at]
  if (!m) return
  const tr = e.state.tr.setMeta(findKey, { at })
  e.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, m.from, m.to)).scrollIntoView())
}
/** replaceOne replaces the match that is marked and goes on; replaceAll all of them in one step. */
export function replaceOne(e: Editor, text: string): void {
  const s = findState(e.state)
  const m = s.matches[s.at]
  if (!m) return
  e.view.dispatch(put(e.state.tr, m.from, m.to, text))
  goTo(e, 0)
}
export function replaceAll(e: Editor, text: string): number {
  const { matches } = findState(e.state)
  const tr = e.state.tr
  for (const m of [...matches].reverse()) put(tr, m.from, m.to, text)
  if (matches.length) e.view.dispatch(tr)
  return matches.length
}
const put = (tr: Transaction, from: number, to: number, text: string) => (text ? tr.insertText(text, from, to) : tr.delete(from, to))
