import { createPinia } from 'pinia'
import { createApp, defineComponent, h, nextTick, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { AppError, bridgeKey, type ArchiveRow } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import { makeI18n } from '@/i18n'
import { useToast } from '@/stores/toast'
import { useArchive } from './useArchive'
import { usePin } from './usePin'

function inApp<T>(use: () => T, bridge = fakeBridge()) {
  let it: T | undefined
  const app = createApp(defineComponent({ setup: () => ((it = use()), () => h('div')) }))
  app.use(createPinia()).use(makeI18n()).provide(bridgeKey, bridge).mount(document.createElement('div'))
  return { it: it as T, bridge, end: () => app.unmount() }
}
const row = (id: string) => ({ id }) as ArchiveRow
const ask = { kind: 'in', number: '', genres: [], since: 0, before: 0 }

describe('the archive', () => {
  it('is read page by page, anew when asked otherwise, and not off line', async () => {
    const bridge = fakeBridge()
    const asked: string[] = []
    bridge.documents.Archive = async (q) => {
      asked.push(q.after)
      return { ...(await fakeBridge().documents.Archive(q)), rows: [row(q.after || 'a')], next: q.after ? '' : 'b' }
    }
    bridge.documents.Whereabouts = async () => []
    const q = ref(ask)
    const online = ref(true)
    const { it: x, end } = inApp(() => useArchive(q, online), bridge)
    await vi.waitFor(() => expect(x.rows.value.map((r) => r.id)).toEqual(['a']))
    await vi.waitFor(() => expect(x.busy.value).toBe(false))
    x.more()
    await vi.waitFor(() => expect(x.rows.value.map((r) => r.id)).toEqual(['a', 'b']))
    online.value = false
    await nextTick()
    expect([x.rows.value, x.busy.value]).toEqual([[], false])
    expect(asked).toEqual(['', 'b'])
    online.value = true
    await vi.waitFor(() => expect(asked).toEqual(['', 'b', '']))
    end()
  })
  it('says what the server refused', async () => {
    const bridge = fakeBridge()
    bridge.documents.Archive = async () => Promise.reject(new AppError('network'))
    const { it: x } = inApp(() => useArchive(ref(ask), ref(true)), bridge)
    await vi.waitFor(() => expect(x.error.value?.code).toBe('network'))
  })
})

describe('keeping a paper here', () => {
  it('is said, and so is what did not succeed', async () => {
    const bridge = fakeBridge()
    let fail = false
    bridge.documents.Unpin = async () => (fail ? Promise.reject(new AppError('network')) : undefined) as never
    const { it: x } = inApp(() => ({ pin: usePin(), toast: useToast() }), bridge)
    await x.pin.run('a', '一件', true)
    const done = x.toast.text
    expect(done).not.toBe('')
    fail = true
    await x.pin.run('a', '一件', true)
    expect(x.toast.text).toBe('连不上服务器')
  })
})
