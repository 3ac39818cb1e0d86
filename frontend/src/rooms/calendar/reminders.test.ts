import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import { installBridge, type Reminder } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import { ringing, rungOf, useReminders, type Reminders } from './reminders'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const r = (key: string, ring: boolean): Reminder => ({ key, id: key, day: '', title: key, place: '', start: 0, end: 0, allDay: false, ring, notice: `ring/1~2~${key}` })

function mounted(answers: Reminder[][]) {
  const bridge = fakeBridge()
  let asked = 0
  bridge.calendar.Reminders = async () => answers[Math.min(asked++, answers.length - 1)] ?? []
  let it: Reminders | undefined
  const app = createApp(
    defineComponent({
      setup() {
        it = useReminders(1000)
        return () => h('div')
      },
    }),
  )
  installBridge(app, bridge)
  app.mount(document.createElement('div'))
  return { bridge, app, reminders: it as Reminders, asked: () => asked }
}

describe('reminders', () => {
  it('asks at once, as time passes and when events change', async () => {
    const m = mounted([[r('a', true)], [r('a', false)], [r('a', false), r('b', true)]])
    await vi.advanceTimersByTimeAsync(0)
    expect([m.reminders.due.value.length, m.reminders.rang.value]).toEqual([1, ['a']])
    await vi.advanceTimersByTimeAsync(1000)
    expect(m.reminders.rang.value).toEqual(['a'])
    m.bridge.emit('changed', { all: false, kinds: ['calendar.event'] })
    await vi.advanceTimersByTimeAsync(0)
    expect(m.reminders.rang.value).toEqual(['b'])
    const before = m.asked()
    m.bridge.emit('changed', { all: false, kinds: ['todo.item'] })
    await vi.advanceTimersByTimeAsync(0)
    expect(m.asked()).toBe(before)
    m.app.unmount()
    await vi.advanceTimersByTimeAsync(5000)
    expect(m.asked()).toBe(before)
  })
  it('puts away, asks to ring later, and looks again', async () => {
    const m = mounted([[r('a', true)], []])
    await vi.advanceTimersByTimeAsync(0)
    await m.reminders.putAway(['a'])
    expect(m.bridge.sent.at(-1)).toEqual({ call: 'calendar.PutAway', args: [['a']] })
    expect(m.reminders.due.value).toEqual([])
    await m.reminders.snooze('a', 5)
    expect(m.bridge.sent.at(-1)).toEqual({ call: 'calendar.Snooze', args: ['a', 5] })
    m.app.unmount()
  })
})

describe('reminders of the system', () => {
  const words = { app: '前哨', label: '日程提醒', when: () => '15 分钟后开始', many: (n: number) => `${n} 项提醒` }
  it('say what begins and when, or nothing of it', () => {
    const one = [{ ...r('a', true), title: '调度会', place: '三楼' }]
    expect(ringing(one, 'title', words)).toEqual([{ id: 'ring/1~2~a', title: '日程提醒', body: '调度会 · 15 分钟后开始 · 三楼' }])
    expect(ringing(one, 'count', words)).toEqual([{ id: 'ring/1~2~a', title: '前哨', body: '日程提醒' }])
  })
  it('are one for many, and none for none', () => {
    expect(ringing(['a', 'b', 'c', 'd'].map((k) => r(k, true)), 'title', words)).toEqual([{ id: 'ring/1~2~a', title: '前哨', body: '4 项提醒' }])
    expect(ringing([], 'title', words)).toEqual([])
  })
  it('lead to their event', () => {
    expect(rungOf('ring/mz1~n2~e-1.2')).toBe('e-1.2')
    expect([rungOf('task/e-1'), rungOf(undefined)]).toEqual([undefined, undefined])
  })
})
