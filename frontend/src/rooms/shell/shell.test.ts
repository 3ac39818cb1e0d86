import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, effectScope, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { mount } from '@vue/test-utils'
import { AppError, bridgeKey, Events, type Notice } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import { notices as fixture, status } from '@/bridge/fake/data'
import { safe } from '@/bridge/safe'
import { useHealth } from '@/stores/health'
import { useNotices } from '@/stores/notices'
import { useSession } from '@/stores/session'
import { useSettings } from '@/stores/settings'
import { useSync } from '@/stores/sync'
import { useTabs } from '@/stores/tabs'
import { makeI18n } from '@/i18n'
import { useLinks } from './useLinks'
import { useNoticeWords } from './useNoticeWords'

/** inApp runs setup code with a bridge. */
function inApp<T>(run: () => T, bridge = fakeBridge()): { result: T; bridge: ReturnType<typeof fakeBridge> } {
  const app = createApp({ render: () => null })
  const pinia = createPinia()
  app.use(pinia).provide(bridgeKey, bridge)
  setActivePinia(pinia)
  return { result: app.runWithContext(() => effectScope().run(run)) as T, bridge }
}
const settle = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve()
}
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

describe('open documents', () => {
  it('are kept by their paths and read with their titles', async () => {
    const { result: tabs, bridge } = inApp(useTabs)
    await tabs.open('/document/a')
    await tabs.open('/document/b')
    await tabs.open('/document/a')
    expect(tabs.paths).toEqual(['/document/a', '/document/b'])
    expect((await bridge.shell.Tabs()).map((t) => t.path)).toEqual(tabs.paths)
    await tabs.close('/document/a')
    expect(tabs.tabs.map((t) => t.title)).toEqual(['b'])
  })
  it('give a new paper that has got its id the place it had', async () => {
    const { result: tabs } = inApp(useTabs)
    await tabs.open('/draft/out')
    await tabs.open('/document/b')
    await tabs.swap('/draft/out', '/draft/out/x')
    expect(tabs.paths).toEqual(['/draft/out/x', '/document/b'])
    await tabs.swap('/draft/in', '/draft/in/y')
    expect(tabs.paths.at(-1)).toBe('/draft/in/y')
  })
  it('stay shown where they cannot be kept', async () => {
    const { result: tabs, bridge } = inApp(useTabs)
    bridge.refuse('shell.SaveTabs', new AppError('disk_full'))
    await tabs.open('/document/a')
    expect(tabs.paths).toEqual(['/document/a'])
  })
})

const words = { app: '前哨', kind: (n: Notice) => n.kind, many: (n: number) => `${n}` }
const told = (b: ReturnType<typeof fakeBridge>) => b.sent.filter((s) => s.call === 'shell.Tell').map((s) => s.args)

describe('notices', () => {
  const fresh: Notice = { ...(fixture()[0] as Notice), id: 'task/new', kind: 'task', title: '新来的', seen: false }
  async function arrive(change: (s: ReturnType<typeof useSettings>) => Promise<void> = async () => undefined) {
    const bridge = fakeBridge()
    const { result } = inApp(() => ({ notices: useNotices(), settings: useSettings() }), bridge)
    await change(result.settings)
    await result.notices.refresh(words)
    bridge.shell.Notices = async () => [fresh, ...fixture()]
    await result.notices.refresh(words)
    await result.notices.refresh(words)
    return { bridge, notices: result.notices }
  }
  it('are told once, and not what was there at the start', async () => {
    const { bridge, notices } = await arrive()
    expect(told(bridge)).toEqual([['task/new', 'task', '新来的']])
    expect(notices.unseen.map((n) => n.id)).toContain('task/new')
    await notices.see(['task/new'])
    expect(notices.unseen.map((n) => n.id)).not.toContain('task/new')
  })
  it('are not told in quiet hours or when switched off', async () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 9, 23, 0), toFake: ['Date'] })
    expect(told((await arrive((s) => s.set({ quiet: true }))).bridge)).toEqual([])
    vi.setSystemTime(new Date(2026, 10, 9, 12, 0))
    expect(told((await arrive((s) => s.set({ quiet: true }))).bridge)).toHaveLength(1)
    expect(told((await arrive((s) => s.set({ notify: false }))).bridge)).toEqual([])
  })
})

describe('the session', () => {
  it('opens rooms by right, follows the directory, and a failed question is said', async () => {
    const bridge = fakeBridge()
    const { result: session } = inApp(useSession, bridge)
    expect([session.stage, session.may(undefined), session.may('documents')]).toEqual(['unknown', true, false])
    await session.refresh()
    expect([session.stage, session.may('documents'), session.may('nowhere')]).toEqual(['in', true, false])
    const before = session.state
    bridge.session.State = async () => ({ ...(before as NonNullable<typeof before>), rooms: [] })
    bridge.emit('changed', { all: false, kinds: ['todo.item'] })
    await Promise.resolve()
    expect(session.may('documents')).toBe(true)
    bridge.emit('changed', { all: false, kinds: ['dir.person'] })
    await vi.waitFor(() => expect(session.may('documents')).toBe(false))
    bridge.session.State = async () => Promise.reject(new Error('gone'))
    await session.refresh()
    expect(session.failed).toBe(true)
  })
})

describe('health', () => {
  it('names what keeps the desk from working', async () => {
    for (const [error, want] of [['session_expired', 'session'], ['wrong_device', 'session'], ['upgrade', 'upgrade'], ['tls', 'tls'], ['network', ''], ['disk_full', 'full'], ['', '']] as const) {
      const { result } = inApp(() => ({ health: useHealth(), sync: useSync() }), fakeBridge({ status: { ...status(), offline: false, error } }))
      await result.sync.refresh()
      expect([error, result.health.trouble]).toEqual([error, want])
    }
  })
  it('hears of a full disk from any call, until there is room again', async () => {
    const { result: health } = inApp(useHealth)
    const room = safe({ save: async () => Promise.reject(new Error('{"code":"disk_full"}')) })
    await expect(room.save()).rejects.toMatchObject({ code: 'disk_full' })
    expect(health.trouble).toBe('full')
    await health.probe()
    expect(health.trouble).not.toBe('full')
  })
})

describe('links', () => {
  function shell(bridge: ReturnType<typeof fakeBridge>) {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: { render: () => null } }] })
    const w = mount({ setup: () => (useLinks(), () => h('i')) }, { global: { plugins: [createPinia(), router], provide: { [bridgeKey as symbol]: bridge } } })
    return { w, router }
  }
  it('are followed once each, also after the page was loaded again', async () => {
    const bridge = fakeBridge()
    bridge.shell.Link = async () => ({ route: '/document/a', at: 5 })
    const first = shell(bridge)
    await settle()
    await first.router.isReady()
    expect(first.router.currentRoute.value.path).toBe('/document/a')
    await first.router.push('/todo')
    bridge.emit(Events.link)
    await settle()
    expect(first.router.currentRoute.value.path).toBe('/todo')
    const again = shell(bridge)
    await settle()
    expect(again.router.currentRoute.value.path).not.toBe('/document/a')
  })
  it('lead nowhere when they are on no list', async () => {
    const bridge = fakeBridge()
    bridge.shell.Link = async () => ({ route: '', at: 9 })
    const { router } = shell(bridge)
    await settle()
    expect(router.currentRoute.value.path).toBe('/')
  })
})

it('has words for every kind of notice', () => {
  const w = mount({ setup: () => ({ words: useNoticeWords() }), render: () => h('i') }, { global: { plugins: [makeI18n()] } })
  const { words: of } = w.vm as unknown as { words: ReturnType<typeof useNoticeWords> }
  for (const kind of ['task', 'copy', 'refused', 'conflict', 'due', 'late', 'todo']) {
    expect(of.kind({ ...(fixture()[0] as Notice), kind })).toMatch(/^[\u4e00-\u9fff]+$/)
  }
  expect(of.many(4)).toContain('4')
})
