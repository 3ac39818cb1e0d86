import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { Events, useBridge, type Credentials, type SessionState } from '@/bridge'

/** Who works in the window. */
export const useSession = defineStore('session', () => {
  const bridge = useBridge()
  const state = shallowRef<SessionState>()
  const failed = ref(false)

  const stage = computed(() => state.value?.stage ?? 'unknown')
  const me = computed(() => state.value?.me)

  async function refresh(): Promise<void> {
    try {
      state.value = await bridge.session.State()
      failed.value = false
    } catch {
      failed.value = true
    }
  }

  async function signIn(c: Credentials): Promise<void> {
    state.value = await bridge.session.SignIn(c)
  }

  /** signOut is refused (code unsent) while the server lacks something, unless that is to be kept here. */
  async function signOut(keep = false): Promise<void> {
    await bridge.session.SignOut(keep)
    await refresh()
  }

  /** may tells whether this person may enter a room; rooms without a right are open to all. */
  function may(room: string | undefined): boolean {
    return !room || (state.value?.rooms ?? []).includes(room)
  }

  bridge.on(Events.session, () => void refresh())
  bridge.on(Events.status, () => {
    if (stage.value === 'loading' || stage.value === 'locked') void refresh()
  })
  // Posts and roles may change: what is shown follows at once.
  bridge.on(Events.changed, (payload) => {
    const c = payload as { all?: boolean; kinds?: string[] } | undefined
    if (stage.value === 'in' && (!c || c.all || c.kinds?.some((k) => k.startsWith('dir.')))) void refresh()
  })

  return { state, stage, me, failed, refresh, signIn, signOut, may }
})
