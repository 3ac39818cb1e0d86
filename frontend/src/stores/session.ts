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

  async function signOut(): Promise<void> {
    await bridge.session.SignOut()
    await refresh()
  }

  bridge.on(Events.session, () => void refresh())
  bridge.on(Events.status, () => {
    if (stage.value === 'loading') void refresh()
  })

  return { state, stage, me, failed, refresh, signIn, signOut }
})
