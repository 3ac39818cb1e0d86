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

  async function follow(): Promise<void> {
    const route = await bridge.shell.Link().catch(() => '')
    if (route) await router.push(route)
  }
  const offLink = bridge.on(Events.link, () => void follow())
  const offNotice = bridge.on(Events.notice, (id) => {
    const n = notices.list.find((x) => x.id === id)
    if (!n) return
    void notices.see([n.id])
    void router.push(n.route)
  })
  onMounted(() => void follow())
  onScopeDispose(() => {
    offLink()
    offNotice()
  })
}
