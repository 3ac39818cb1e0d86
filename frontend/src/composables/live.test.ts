import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, effectScope, h, nextTick, ref, type EffectScope } from 'vue'
import { AppError, bridgeKey, Events } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import { safe } from '@/bridge/safe'
import { composing } from './useKeys'
import { useCommand } from './useCommand'
import { OUTBOX, useLive } from './useLive'
import { useListNav } from './useListNav'
import { useSync } from '@/stores/sync'

/** inApp runs setup code with a bridge and ends its scope after. */
function inApp<T>(run: () => T, bridge = fakeBridge()): { result: T; bridge: ReturnType<typeof fakeBridge>; scope: EffectScope } {
  const app = createApp({ render: () => null })
  const pinia = createPinia()
  app.use(pinia).provide(bridgeKey, bridge)
  setActivePinia(pinia)
  const scope = effectScope()
  const result = app.runWithContext(() => scope.run(run)) as T
  return { result, bridge, scope }
}
const settle = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

describe('useLive', () => {
  it('reads now and again when its kinds change, and not for others', async () => {
    let n = 0
    const { result, bridge } = inApp(() => useLive(['todo.item'], async () => ++n))
    expect(result.loading.value).toBe(true)
    await settle()
    expect([result.data.value, result.loading.value]).toEqual([1, false])
    bridge.emit(Events.changed, { all: false, kinds: ['doc.header'] })
    await settle()
    expect(result.data.value).toBe(1)
    bridge.emit(Events.changed, { all: false, kinds: ['doc.header', 'todo.item'] })
    await settle()
    expect(result.data.value).toBe(2)
    bridge.emit(Events.changed, { all: true, kinds: [] })
    await settle()
    expect(result.data.value).toBe(3)
  })

  it('reads again when the outbox changes, if it is about the outbox', async () => {
    let n = 0
    let others = 0
    const { result, bridge } = inApp(() => [useLive([OUTBOX], async () => ++n), useLive(['todo.item'], async () => ++others)])
    await settle()
    bridge.emit(Events.status, null)
    await settle()
    expect(result.map((l) => l.data.value)).toEqual([2, 1])
  })

  it('drops an answer that a newer run has overtaken', async () => {
    const waiting: ((v: string) => void)[] = []
    const { result } = inApp(() => useLive([], () => new Promise<string>((done) => waiting.push(done))))
    void result.reload()
    waiting[1]?.('new')
    await settle()
    waiting[0]?.('old')
    await settle()
    expect(result.data.value).toBe('new')
  })

  it('keeps what was shown when a later read fails, and says why', async () => {
    let fail = false
    const { result } = inApp(() =>
      useLive([], async () => {
        if (fail) throw { code: 'internal' }
        return 'x'
      }),
    )
    await settle()
    fail = true
    await result.reload()
    expect(result.data.value).toBe('x')
    expect(result.error.value?.code).toBe('internal')
  })

  it('follows its dependencies and ends with its component', async () => {
    const id = ref(1)
    const query = vi.fn(async () => id.value)
    const { result, bridge, scope } = inApp(() => useLive(['k'], query, [id]))
    await settle()
    id.value = 2
    await nextTick()
    await settle()
    expect(result.data.value).toBe(2)
    scope.stop()
    bridge.emit(Events.changed, { all: true, kinds: [] })
    await settle()
    expect(query).toHaveBeenCalledTimes(2)
  })
})

describe('useCommand', () => {
  it('gives a command once while it is under way', async () => {
    let done: () => void = () => undefined
    const act = vi.fn(() => new Promise<void>((d) => (done = d)))
    const c = useCommand(act)
    void c.run()
    void c.run()
    expect(act).toHaveBeenCalledTimes(1)
    expect(c.busy.value).toBe(true)
    done()
    await settle()
    expect(c.busy.value).toBe(false)
  })

  it('keeps the refusal until the next try', async () => {
    let fail = true
    const c = useCommand(async () => {
      if (fail) throw { code: 'stale_body', message: '', field: 'seen_hash' }
      return 1
    })
    expect(await c.run()).toBeUndefined()
    expect([c.error.value?.code, c.error.value?.field]).toEqual(['stale_body', 'seen_hash'])
    fail = false
    expect(await c.run()).toBe(1)
    expect(c.error.value).toBeUndefined()
  })
})

describe('AppError', () => {
  it('comes of whatever a call was rejected with', () => {
    expect(AppError.from({ code: 'invalid', message: 'm', field: 'title' })).toMatchObject({ code: 'invalid', message: 'm', field: 'title' })
    expect(AppError.from('{"code":"network","message":"","field":""}').code).toBe('network')
    expect(AppError.from(new Error('{"code":"invalid","message":"","field":"mails"}'))).toMatchObject({ code: 'invalid', field: 'mails' })
    expect(AppError.from(new Error('x')).code).toBe('internal')
    expect(AppError.from('').code).toBe('internal')
    expect(AppError.from({ code: '' }).code).toBe('internal')
  })
  it('is what every call of a room rejects with', async () => {
    const room = safe({ Ask: async () => Promise.reject({ code: 'not_found' }) })
    await expect(room.Ask()).rejects.toBeInstanceOf(AppError)
  })
})

describe('useSync', () => {
  it('is on line only if the server answers and the switch is off', async () => {
    const { result, bridge } = inApp(() => useSync(), fakeBridge())
    await result.refresh()
    expect(result.online).toBe(false)
    await result.setOffline(false)
    expect(result.online).toBe(true)
    await result.setOffline(true)
    expect(result.online).toBe(false)
    bridge.refuse('sync.Status', new AppError('signed_out'))
    await result.refresh()
    expect(result.status?.offline).toBe(true)
  })
})

describe('keys', () => {
  it('knows an input method at work', () => {
    expect(composing(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }))).toBe(true)
    expect(composing(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229 }))).toBe(true)
    expect(composing(new KeyboardEvent('keydown', { key: 'Enter' }))).toBe(false)
  })

  it('moves through a list, keeps its row and opens it', async () => {
    const rows = ref(['a', 'b', 'c'])
    const opened: string[] = []
    let nav: { cursor: { value: string } } | undefined
    const w = mount(
      defineComponent({
        setup() {
          nav = useListNav(rows, (r) => r, (r) => opened.push(r))
          return () => h('ul')
        },
      }),
    )
    const press = (key: string, more = {}) => window.dispatchEvent(new KeyboardEvent('keydown', { key, ...more }))
    press('ArrowDown')
    press('ArrowDown')
    expect(nav?.cursor.value).toBe('b')
    rows.value = ['x', 'b', 'c']
    await nextTick()
    expect(nav?.cursor.value).toBe('b')
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true }))
    expect(opened).toEqual([])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    expect(opened).toEqual(['b'])
    rows.value = ['x']
    await nextTick()
    expect(nav?.cursor.value).toBe('')
    w.unmount()
  })
})
