import { describe, expect, it } from 'vitest'
import { join, move, paste, remove, split, withType } from './blocks'

const b = (id: string, text: string, type = 'text', level = 0) => ({ id, type, level, text })

describe('blocks', () => {
  it('splits at the caret and keeps the first id', () => {
    const r = split([b('a', '一二三四')], 0, 2)
    expect(r.blocks.map((x) => x.text)).toEqual(['一二', '三四'])
    expect(r.blocks[0]?.id).toBe('a')
    expect(r.blocks[1]?.id).not.toBe('a')
    expect(r.at).toBe(1)
  })
  it('continues with text behind a heading', () => {
    expect(split([b('a', '一、目标', 'heading', 1)], 0, 4).blocks[1]).toMatchObject({ type: 'text', level: 0, text: '' })
  })
  it('joins and says where the seam is', () => {
    const r = join([b('a', '一二'), b('b', '三四')], 1)
    expect(r).toMatchObject({ at: 0, caret: 2 })
    expect(r.blocks).toEqual([b('a', '一二三四')])
  })
  it('pastes lines as blocks and keeps what stood around the caret', () => {
    const r = paste([b('a', '前后')], 0, 1, 1, '甲\r\n　　乙\n\n丙')
    expect(r.blocks.map((x) => x.text)).toEqual(['前甲', '乙', '丙后'])
    expect(r).toMatchObject({ at: 2, caret: 1 })
  })
  it('pastes one line in place', () => {
    expect(paste([b('a', '前后')], 0, 1, 2, '<i>').blocks[0]?.text).toBe('前<i>')
  })
  it('moves and removes, never to nothing', () => {
    expect(move([b('a', ''), b('b', '')], 1, -1).blocks.map((x) => x.id)).toEqual(['b', 'a'])
    expect(move([b('a', '')], 0, 1).at).toBe(0)
    expect(remove([b('a', 'x')], 0)).toHaveLength(1)
  })
  it('changes the type and nothing else', () => {
    expect(withType(b('a', 'x'), 'h2')).toEqual(b('a', 'x', 'heading', 2))
  })
})
