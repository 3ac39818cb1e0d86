import { describe, expect, it } from 'vitest'
import type { AccountRow, AdminBook, AdminPerson } from '@/bridge'
import { linesOf, loginOf, matching, stateOf } from './accounts'

const person = (id: string, name: string, pinyin: string, active = true): AdminPerson => ({
  id, name, pinyin, title: '', phone: '', room: '', order: 0, active, unit: '', units: [], roles: [], terms: [], me: false, mark: '',
})
const account = (user: string, uid: string, state: string): AccountRow => ({ user, uid, state, created: 1, changed: 1, sessions: 0 })
const book = { people: [person('a', '丁小禾', 'ding xiao he'), person('b', '褚言', 'chu yan'), person('c', '离任', 'li ren', false), person('d', '旧任', 'jiu ren', false)] } as unknown as AdminBook
const accounts = [account('dingxiaohe', 'a', 'active'), account('liren', 'c', 'disabled'), account('ghost', 'x', 'pending')]

describe('accounts', () => {
  const lines = linesOf(book, accounts)
  it('stand by their people, with those that have none and those that nobody has', () => {
    expect(lines.map((l) => [l.id, stateOf(l)])).toEqual([['a', 'active'], ['b', 'none'], ['c', 'disabled'], ['x', 'pending']])
  })
  it('are found by name, reading, initials and log-in name, and by state', () => {
    expect(matching(lines, 'dxh', 'all').map((l) => l.id)).toEqual(['a'])
    expect(matching(lines, '褚', 'all').map((l) => l.id)).toEqual(['b'])
    expect(matching(lines, 'GHOST', 'all').map((l) => l.id)).toEqual(['x'])
    expect(matching(lines, '', 'pending').map((l) => l.id)).toEqual(['x'])
  })
  it('are offered a log-in name that nobody has', () => {
    expect([loginOf(person('n', '丁小禾', 'ding xiao he'), accounts), loginOf(person('b', '褚言', 'chu yan'), accounts)]).toEqual(['dingxiaohe2', 'chuyan'])
  })
})
