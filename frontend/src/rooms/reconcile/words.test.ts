import { createApp, defineComponent, h } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Entry } from '@/bridge'
import { at } from '@/composables/officeTime'
import { makeI18n } from '@/i18n'
import { useWords } from './words'

const entry = (x: Partial<Entry>): Entry => ({
  mid: 'm', group: 'need', mark: 'void', state: 'rejected', command: 'calendar.edit', title: '调度会', document: '', record: 'e', step: '', code: 'not_permitted', message: '', field: '',
  acted: at(2026, 11, 9, 9, 5), settled: at(2026, 11, 9, 9, 10), words: '', by: '', byAt: 0, byWords: '', revSeen: 0, revNow: 0, diff: [], clashes: [], seenNow: '', taskRev: 0,
  choices: [], chain: [], wrote: [], again: false, seen: false, ...x,
})
function words() {
  let it: ReturnType<typeof useWords> | undefined
  const app = createApp(defineComponent({ setup: () => ((it = useWords()), () => h('div')) }))
  app.use(makeI18n())
  app.mount(document.createElement('div'))
  return it as ReturnType<typeof useWords>
}
beforeEach(() => vi.useFakeTimers({ now: at(2026, 11, 9, 12) }))
afterEach(() => vi.useRealTimers())

describe('the sentences of the reconcile desk', () => {
  it('name what was done to what', () => {
    const w = words()
    expect([w.act(entry({})), w.title(entry({})), w.title(entry({ command: 'approval.approve' }))]).toEqual(['修改', '日程：调度会', '调度会'])
    expect(w.title(entry({ title: '', code: 'not_found' }))).toBe('日程：（已不在本机）')
  })
  it('say what became of it, by group', () => {
    const w = words()
    expect(w.short(entry({ group: 'transit' }))).toBe('09:05 修改')
    expect(w.short(entry({ group: 'done' }))).toBe('修改 09:05　生效 09:10')
    expect(w.short(entry({ code: 'task_done_by_other', by: '许南乔' }))).toBe('许南乔已先办理')
    expect(w.short(entry({ code: 'nobody_knows' }))).not.toMatch(/reconcile\./)
    expect(w.reason(entry({ code: 'nobody_knows' }))).not.toMatch(/reconcile\.|\{/)
  })
  it('tell how many wait behind it', () => {
    expect(words().reason(entry({ chain: [entry({}), entry({})] }))).toContain('另有 2 件等它的结果。')
  })
  it('list what was filled in, in words', () => {
    const w = words()
    const e = entry({ wrote: [{ field: 'place', text: '三楼', type: 'text' }, { field: 'start', text: String(at(2026, 11, 10, 9)), type: 'time' }] })
    expect(w.wroteText(e)).toBe('地点：三楼\n开始：11月10日 09:00')
  })
})
