import type { Block } from '@/bridge'

/** Types of block a person may choose, in the order of the menu. */
export const blockTypes = [
  { id: 'text', type: 'text', level: 0 },
  { id: 'h1', type: 'heading', level: 1 },
  { id: 'h2', type: 'heading', level: 2 },
  { id: 'h3', type: 'heading', level: 3 },
  { id: 'h4', type: 'heading', level: 4 },
  { id: 'attachment', type: 'attachment', level: 0 },
  { id: 'signature', type: 'signature', level: 0 },
  { id: 'date', type: 'date', level: 0 },
  { id: 'table', type: 'table', level: 0 },
] as const

/** typeOf names the type of a block as the menu does. */
export function typeOf(b: Block): string {
  return b.type === 'heading' ? `h${Math.min(Math.max(b.level, 1), 4)}` : b.type
}

/** withType is a block made another type; its id and words stay. */
export function withType(b: Block, id: string): Block {
  const x = blockTypes.find((y) => y.id === id)
  return x ? { ...b, type: x.type, level: x.level } : b
}

/** newBlock makes an empty block. Ids are made here; they must only differ within one paper. */
export function newBlock(text = '', type = 'text', level = 0): Block {
  return { id: crypto.randomUUID(), type, level, text }
}

/** split cuts a block at a place; the words behind it go into a new text block. */
export function split(blocks: Block[], at: number, caret: number): { blocks: Block[]; at: number } {
  const b = blocks[at]
  if (!b) return { blocks, at }
  const next = newBlock(b.text.slice(caret), b.type === 'heading' || b.type === 'table' ? 'text' : b.type, 0)
  const out = [...blocks]
  out.splice(at, 1, { ...b, text: b.text.slice(0, caret) }, next)
  return { blocks: out, at: at + 1 }
}

/** join puts a block's words behind those of the block before it. */
export function join(blocks: Block[], at: number): { blocks: Block[]; at: number; caret: number } {
  const before = blocks[at - 1]
  const b = blocks[at]
  if (!before || !b) return { blocks, at, caret: 0 }
  const out = [...blocks]
  out.splice(at - 1, 2, { ...before, text: before.text + b.text })
  return { blocks: out, at: at - 1, caret: before.text.length }
}

/** paste puts lines where the caret is: each line after the first is a block. */
export function paste(blocks: Block[], at: number, from: number, to: number, text: string): { blocks: Block[]; at: number; caret: number } {
  const b = blocks[at]
  if (!b) return { blocks, at, caret: from }
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map((l) => l.replace(/^[\s\u3000]+/, '').trimEnd()).filter((l, i, all) => l || (all.length === 1 && i === 0))
  if (lines.length < 2) {
    const line = lines[0] ?? ''
    const out = [...blocks]
    out[at] = { ...b, text: b.text.slice(0, from) + line + b.text.slice(to) }
    return { blocks: out, at, caret: from + line.length }
  }
  const last = lines[lines.length - 1] ?? ''
  const made = lines.slice(1).map((l) => newBlock(l))
  const tail = made[made.length - 1] as Block
  tail.text = last + b.text.slice(to)
  const out = [...blocks]
  out.splice(at, 1, { ...b, text: b.text.slice(0, from) + (lines[0] ?? '') }, ...made)
  return { blocks: out, at: at + made.length, caret: last.length }
}

/** move takes a block one place up or down. */
export function move(blocks: Block[], at: number, by: -1 | 1): { blocks: Block[]; at: number } {
  const to = at + by
  const b = blocks[at]
  if (!b || to < 0 || to >= blocks.length) return { blocks, at }
  const out = [...blocks]
  out.splice(at, 1)
  out.splice(to, 0, b)
  return { blocks: out, at: to }
}

/** remove takes a block out; a text keeps at least one. */
export function remove(blocks: Block[], at: number): Block[] {
  const out = blocks.filter((_, i) => i !== at)
  return out.length ? out : [newBlock()]
}
