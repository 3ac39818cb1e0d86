import { describe, expect, it } from 'vitest'
import { notices } from '@/bridge/fake/data'
import { hhmm, quietAt, tell } from './notice'

describe('quiet hours', () => {
  const night = { quiet: true, quietFrom: '22:00', quietTo: '07:00' }
  it('span midnight', () => {
    expect(['21:59', '22:00', '23:30', '00:00', '06:59', '07:00', '12:00'].map((t) => quietAt(t, night))).toEqual([false, true, true, true, true, false, false])
  })
  it('lie within a day', () => {
    const noon = { quiet: true, quietFrom: '12:00', quietTo: '14:00' }
    expect(['11:59', '12:00', '13:59', '14:00'].map((t) => quietAt(t, noon))).toEqual([false, true, true, false])
  })
  it('are none when switched off or empty', () => {
    expect(quietAt('23:00', { ...night, quiet: false })).toBe(false)
    expect(quietAt('22:00', { quiet: true, quietFrom: '22:00', quietTo: '22:00' })).toBe(false)
  })
  it('go by the clock on the wall', () => {
    expect(hhmm(new Date(2026, 10, 9, 7, 5))).toBe('07:05')
  })
})

describe('notifications', () => {
  const words = { app: '前哨', kind: (n: { kind: string }) => `一件 ${n.kind}`, many: (n: number) => `${n} 件` }
  it('name the paper, or nothing but its kind', () => {
    const [n] = notices()
    if (!n) throw new Error('no fixture')
    expect(tell([n], 'title', words)).toEqual([{ id: n.id, title: '一件 refused', body: n.title }])
    const hidden = tell([n], 'count', words)
    expect(hidden).toEqual([{ id: n.id, title: '前哨', body: '一件 refused' }])
    expect(JSON.stringify(hidden)).not.toContain(n.title)
  })
  it('are one for many, and none for none', () => {
    const many = [...notices(), ...notices()]
    expect(tell(many, 'title', words)).toEqual([{ id: many[0]?.id, title: '前哨', body: `${many.length} 件` }])
    expect(tell([], 'title', words)).toEqual([])
  })
})
