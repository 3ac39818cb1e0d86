import { describe, expect, it } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import { makeI18n } from '@/i18n'
import { at } from '@/composables/officeTime'
import { freshInput } from './input'
import { monthlyOf, noRule, nthOf, useRepeat, weekdayOf } from './repeat'

/** said runs a composable inside an app with the messages. */
function said<T>(use: () => T): T {
  let out: T | undefined
  const app = createApp(
    defineComponent({
      setup() {
        out = use()
        return () => h('div')
      },
    }),
  )
  app.use(makeI18n()).mount(document.createElement('div'))
  app.unmount()
  return out as T
}

describe('repetition', () => {
  it('knows which weekday of the month a day is', () => {
    expect([weekdayOf(at(2026, 11, 24)), nthOf(at(2026, 11, 24)), nthOf(at(2026, 11, 30)), nthOf(at(2026, 11, 1))]).toEqual(['TU', 4, -1, 1])
    expect([monthlyOf(noRule()), monthlyOf({ ...noRule(), nth: 2 }), monthlyOf({ ...noRule(), last: true })]).toEqual(['day', 'nth', 'last'])
  })
  it('is said in words', () => {
    const { words } = said(useRepeat)
    const start = at(2026, 11, 24, 9)
    const say = (repeat: string, rule = {}) => words({ repeat, rule: { ...noRule(), ...rule }, start })
    expect(say('')).toBe('')
    expect(say('daily', { interval: 2, count: 5 })).toBe('每 2 天，共 5 次')
    expect(say('weekly', { days: ['FR', 'MO'] })).toBe('每周周一、周五')
    expect(say('weekly')).toBe('每周周二')
    expect(say('monthly')).toBe('每月24日')
    expect(say('monthly', { nth: 4 })).toBe('每月第四个周二')
    expect(say('monthly', { last: true })).toBe('每月最后一天')
    expect(say('other')).toBe('自定义')
  })
  it('begins with an hour and a reminder, a whole day without', () => {
    expect(freshInput(at(2026, 6, 16, 9)).end).toBe(at(2026, 6, 16, 10))
    expect(freshInput(at(2026, 6, 16), at(2026, 6, 17), true).reminder).toBe(-1)
  })
})
