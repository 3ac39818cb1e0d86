import type { Block } from '@/bridge'
import { newId } from './newId'

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
  { id: 'annex', type: 'annex', level: 0 },
  { id: 'table', type: 'table', level: 0 },
] as const

/** newBlock makes an empty block. */
export function newBlock(text = '', type = 'text', level = 0): Block {
  return { id: newId(), type, level, text }
}
