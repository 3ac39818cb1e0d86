import { describe, expect, it } from 'vitest'
import { AppError, type AdminUnit } from '@/bridge'
import { adminBook } from '@/bridge/fake/data'
import { below, found, inUse, nextOrder, treeOf } from './admin'

const unit = (id: string, parent = '', order = 0, closed = false): AdminUnit => ({ id, name: id, short: '', parent, order, head: '', clerk: '', closed, people: 0, mark: '' })
const units = [unit('gov'), unit('ban', 'gov', 10), unit('yike', 'ban', 10), unit('erke', 'ban', 20), unit('old', 'ban', 30, true), unit('lost', 'nowhere', 5)]

describe('the tree of units', () => {
  it('is drawn in order, closed ones only if asked for', () => {
    expect(treeOf(units, false).map((r) => `${r.depth}${r.unit.id}`)).toEqual(['0gov', '1ban', '2yike', '2erke', '0lost'])
    expect(treeOf(units, true).map((r) => r.unit.id)).toContain('old')
    expect(treeOf(units, false).find((r) => r.unit.id === 'erke')?.up?.id).toBe('yike')
    expect(treeOf(units, false).find((r) => r.unit.id === 'erke')?.down).toBeUndefined()
  })
  it('survives a circle', () => {
    expect(treeOf([unit('a', 'b'), unit('b', 'a')], false)).toEqual([])
    expect(below([unit('a', 'b'), unit('b', 'a')], 'a')).toEqual(new Set(['a', 'b']))
  })
  it('knows who may not be a parent, and the next place', () => {
    expect([...below(units, 'ban')].sort()).toEqual(['ban', 'erke', 'old', 'yike'])
    expect([nextOrder(units, 'ban'), nextOrder(units, 'yike')]).toEqual([40, 10])
  })
})

describe('people', () => {
  it('are found by name, pinyin, initials', () => {
    const book = adminBook()
    const p = book.people[0]
    if (!p) throw new Error('no people')
    Object.assign(p, { name: '单小雨', pinyin: 'shan xiao yu', active: false })
    expect(found(book, 'shanxiao', '', true).map((x) => x.id)).toEqual([p.id])
    expect(found(book, 'sxy', '', true).map((x) => x.id)).toEqual([p.id])
    expect(found(book, '单', '', false)).toEqual([])
  })
})

it('knows why something cannot be closed', () => {
  expect([inUse(new AppError('wrong_state', '', 'people')), inUse(new AppError('wrong_state')), inUse(undefined), inUse(new AppError('offline', '', 'unit'))]).toEqual(['people', '', '', ''])
})
