import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue'
import { useBridge, type DocumentPage } from '@/bridge'

/** What was told since the program began: once is enough. */
const told = new Set<string>()

/**
 * useOpened tells that a task was opened, once its paper's text is really before
 * the person: its sender then reads 已阅, and what was written before stays.
 */
export function useOpened(page: Ref<DocumentPage | undefined>): void {
  const bridge = useBridge()
  function tell(): void {
    const p = page.value
    const task = p?.task
    if (!p?.body || !task || task.opened || told.has(task.id) || document.hidden) return
    told.add(task.id)
    bridge.approvals.Opened(p.id, task.id).catch(() => told.delete(task.id))
  }
  watch(page, tell, { immediate: true })
  onMounted(() => document.addEventListener('visibilitychange', tell))
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', tell))
}
