import type { AccountRow, AdminBook, AdminPerson } from '@/bridge'

/** One line of the accounts: a person with or without one, or an account whose person is not here. */
export interface AccountLine {
  id: string
  person: AdminPerson | undefined
  account: AccountRow | undefined
}

export const states = ['all', 'pending', 'active', 'disabled', 'none'] as const
export type AccountState = (typeof states)[number]

/** stateOf is active, pending, disabled, or none without an account. */
export function stateOf(l: AccountLine): Exclude<AccountState, 'all'> {
  const s = l.account?.state
  return s === 'active' || s === 'pending' || s === 'disabled' ? s : 'none'
}

/** linesOf are the people of the directory with their accounts, in its order; who has left is there as long as there is an account. */
export function linesOf(book: AdminBook, accounts: AccountRow[]): AccountLine[] {
  const of = new Map(accounts.map((a) => [a.uid, a]))
  const people = book.people.filter((p) => p.active || of.has(p.id)).map((p) => ({ id: p.id, person: p, account: of.get(p.id) }))
  const known = new Set(book.people.map((p) => p.id))
  return [...people, ...accounts.filter((a) => !known.has(a.uid)).map((a) => ({ id: a.uid, person: undefined, account: a }))]
}

/** matching are the lines that fit a text and a state. */
export function matching(lines: AccountLine[], text: string, state: AccountState): AccountLine[] {
  const x = text.trim().toLowerCase().replaceAll(' ', '')
  return lines.filter(
    (l) =>
      (state === 'all' || stateOf(l) === state) &&
      (!x || [l.person?.name, l.person?.pinyin.replaceAll(' ', ''), l.person?.pinyin.split(' ').map((s) => s[0]).join(''), l.account?.user].some((s) => s?.toLowerCase().includes(x))),
  )
}

/** loginOf is the log-in name to offer: the name's reading without spaces, numbered where somebody has it. */
export function loginOf(p: AdminPerson, accounts: AccountRow[]): string {
  const base = p.pinyin.replace(/[^a-z]/g, '')
  const taken = new Set(accounts.map((a) => a.user))
  let name = base
  for (let n = 2; taken.has(name); n++) name = `${base}${n}`
  return name
}
