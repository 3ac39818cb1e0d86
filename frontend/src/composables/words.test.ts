import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import { AppError, installBridge } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import { makeI18n } from '@/i18n'
import { useToast } from '@/stores/toast'
import { at } from './officeTime'
import { useClock } from './useClock'
import { useCopy } from './useCopy'
import { useErrorText } from './useErrorText'
import { useFormat } from './useFormat'
import { numberDay, useLunar } from './useLunar'
import { useSize } from './useSize'

function inApp<T>(use: () => T, language: 'zh-CN' | 'en' = 'zh-CN'): { it: T; end: () => void } {
  let it: T | undefined
  const i18n = makeI18n()
  i18n.global.locale.value = language
  const app = createApp(defineComponent({ setup: () => ((it = use()), () => h('div')) }))
  installBridge(app, fakeBridge())
  app.use(createPinia()).use(i18n).mount(document.createElement('div'))
  return { it: it as T, end: () => app.unmount() }
}
const now = at(2026, 11, 9, 10, 30) // a Monday
beforeEach(() => vi.useFakeTimers({ now }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the clock', () => {
  it('goes on while somebody looks, and stops with them', () => {
    const { it: clock, end } = inApp(useClock)
    expect(clock.value).toBe(now)
    vi.advanceTimersByTime(60_000)
    expect(clock.value).toBe(now + 60_000)
    end()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('dates and times', () => {
  it('are the shortest unmistakable ones', () => {
    const { it: f } = inApp(useFormat)
    expect([f.moment(at(2026, 11, 9, 9, 5)), f.moment(at(2026, 11, 8, 9, 5)), f.moment(at(2026, 11, 1)), f.moment(at(2025, 12, 31)), f.moment(0)]).toEqual(['09:05', '昨日', '11月1日', '2025年12月31日', ''])
    expect([f.stamp(at(2026, 11, 9, 9, 5)), f.stamp(at(2026, 11, 1, 9, 5)), f.stamp(0)]).toEqual(['09:05', '11月1日 09:05', ''])
    expect([f.weekday(now), f.weekday(now, true)]).toEqual(['星期一', '周一'])
  })
  it('say when something is due and how late it is', () => {
    const { it: f } = inApp(useFormat)
    expect([f.due(at(2026, 11, 9, 18)), f.due(at(2026, 11, 10, 9)), f.due(at(2026, 11, 20)), f.due(at(2026, 11, 7)), f.due(at(2026, 11, 9, 8)), f.due(0)]).toEqual([
      '今日 18:00', '明日', '11月20日', '逾期 2 天', '逾期 08:00', '',
    ])
    expect([f.isLate(now - 1), f.isLate(now + 1), f.isLate(0), f.isToday(at(2026, 11, 9, 18)), f.isToday(now - 1)]).toEqual([true, false, false, true, false])
  })
  it('say how long something took', () => {
    const { it: f } = inApp(useFormat)
    const m = 60_000
    expect([0, 8 * m, 60 * m, 68 * m, 1440 * m, 1500 * m, -5].map((x) => f.span(x))).toEqual(['0 分钟', '8 分钟', '1 小时', '1 小时 8 分', '1 天', '1 天 1 小时', '0 分钟'])
  })
  it('speak English in the English window', () => {
    const { it: f } = inApp(useFormat, 'en')
    expect([f.date(at(2026, 11, 1)), f.date(at(2025, 1, 2))]).toEqual(['1 Nov', '2 Jan 2025'])
  })
})

describe('lunar days', () => {
  it('are named as the calendar names them, and only in Chinese', () => {
    const { it: l } = inApp(useLunar)
    expect([l.lunarDay(now), l.lunarShort(now), l.lunarShort(at(2026, 2, 17))]).toEqual(['农历十月初一', '十月初一', '正月初一'])
    expect(l.lunarShort(at(2026, 11, 10))).toBe('初二')
    expect(inApp(useLunar, 'en').it.lunarDay(now)).toBe('')
  })
  it('are read from numbers where the system gives those', () => {
    expect(['1', '10', '11', '20', '21', '30', '31', '初五'].map(numberDay)).toEqual(['初一', '初十', '十一', '二十', '廿一', '三十', '31', '初五'])
  })
})

describe('sizes', () => {
  it('are those that people read', () => {
    const { it: s } = inApp(useSize)
    expect([0, 340, 12_300, 3_600_000, 40 << 20, 5_000_000_000].map((n) => s.size(n))).toEqual(['0 字节', '340 字节', '12 KB', '3.4 MB', '40 MB', '4.7 GB'])
    expect([s.percent(0, 10), s.percent(999, 1000), s.percent(1000, 1000)]).toEqual(['0%', '99%', '100%'])
  })
})

describe('refusals in words', () => {
  it('have a title and a text by their code, and none is raw', () => {
    const { it: e } = inApp(useErrorText)
    expect([e.errorTitle(new AppError('network')), e.codeText('wiped')]).toEqual(['连不上服务器', '这台设备已被停用'])
    expect(e.errorTitle(new AppError('invalid', 'x', 'title'))).toBe('“标题”填写有误')
    for (const code of ['nobody_knows', 'internal', '']) {
      expect(e.errorTitle(new AppError(code))).toBe(e.errorTitle(new AppError('internal')))
      expect(e.errorText(new AppError(code))).not.toMatch(/error\./)
      expect(e.codeText(code)).not.toMatch(/error\./)
    }
  })
})

describe('copying', () => {
  it('puts words on the clipboard and says so', async () => {
    const writeText = vi.fn().mockResolvedValue(undefined)
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    const { it: x } = inApp(() => ({ ...useCopy(), toast: useToast() }))
    await x.copy('同意。')
    expect(writeText).toHaveBeenCalledWith('同意。')
    expect(x.toast.text).toBe('已复制')
  })
  it('finds its way where the clipboard is closed', async () => {
    vi.stubGlobal('navigator', { clipboard: { writeText: vi.fn().mockRejectedValue(new Error('no')) } })
    let copied = ''
    document.execCommand = vi.fn(() => {
      copied = (document.activeElement as HTMLTextAreaElement | null)?.value ?? [...document.querySelectorAll('textarea')].at(-1)?.value ?? ''
      return true
    })
    const { it: x } = inApp(useCopy)
    await x.copy('<b>同意</b>')
    expect(copied).toBe('<b>同意</b>')
    expect(document.querySelectorAll('textarea')).toHaveLength(0)
  })
})
