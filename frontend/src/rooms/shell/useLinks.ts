import { onMounted, onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { Events, useBridge } from '@/bridge'
import { useNotices } from '@/stores/notices'

/**
 * useLinks follows what comes from outside: links (qianshao://…), which Go has
 * held against its list, and answered notifications, which lead where their
 * notice does.
 */
export function useLinks(): void {
  const bridge = useBridge()
  const router = useRouter()
  const notices = useNotices()

  // Each link is followed once, also when the page is loaded again.
  const mark = 'qianshao.link'
  async function follow(): Promise<void> {
    const link = await bridge.shell.Link().catch(() => undefined)
    if (!link || link.at <= Number(sessionStorage.getItem(mark) ?? 0)) return
    sessionStorage.setItem(mark, String(link.at))
    if (link.route) await router.push(link.route)
  }
  const offLink = bridge.on(Events.link, () => void follow())
  async function answer(id: unknown): Promise<void> {
    // The list here may be older than what was told.
    const n = notices.list.find((x) => x.id === id) ?? (await bridge.shell.Notices().catch(() => [])).find((x) => x.id === id)
    if (!n) return
    void notices.see([n.id])
    await router.push(n.route)
  }
  const offNotice = bridge.on(Events.notice, (id) => void answer(id))
  onMounted(() => void follow())
  onScopeDispose(() => {
    offLink()
    offNotice()
  })
}
