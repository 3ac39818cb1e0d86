import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { onRefusal, useBridge } from '@/bridge'
import { useSync } from './sync'

/** What keeps the desk from working as it should; '' for nothing. Being off line is no trouble. */
export type Trouble = '' | 'full' | 'session' | 'upgrade' | 'tls' | 'not_server' | 'loading' | 'term'

export const useHealth = defineStore('health', () => {
  const bridge = useBridge()
  const sync = useSync()
  const full = ref(false)
  onRefusal((e) => {
    if (e.code === 'disk_full') full.value = true
  })

  const trouble = computed<Trouble>(() => {
    const s = sync.status
    if (full.value || s?.error === 'disk_full') return 'full'
    if (!s) return ''
    switch (s.error) {
      case 'session_expired':
      case 'wrong_device':
        return 'session'
      case 'upgrade':
        return 'upgrade'
      case 'tls':
      case 'not_server':
        return s.offline ? '' : s.error
    }
    if (s.loading) return 'loading'
    return sync.left?.unit === 'hours' ? 'term' : ''
  })

  /** probe writes a little: whether the disk has room again. */
  async function probe(): Promise<void> {
    await bridge.shell.Probe()
    full.value = false
    if (sync.status?.error === 'disk_full') await sync.now().catch(() => undefined)
  }

  /** renew opens a new session; the desk stays open, and what waits is sent. */
  async function renew(password: string): Promise<void> {
    await bridge.session.Renew(password)
    await sync.now().catch(() => undefined)
  }

  return { trouble, probe, renew }
})
