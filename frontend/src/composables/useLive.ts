import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { AppError, Events, useBridge, type Changed } from '@/bridge'

export interface Live<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<AppError | undefined>
  /** loading is true until the first answer; later reads are silent. */
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** Names the outbox among the kinds of useLive: what was given here and what became of it. */
export const OUTBOX = 'outbox'

/**
 * useLive runs a query now, whenever a dependency changes and whenever records
 * of the named kinds change. An answer that a newer run has overtaken is dropped.
 */
export function useLive<T>(kinds: string[], query: () => Promise<T>, deps: WatchSource[] = []): Live<T> {
  const bridge = useBridge()
  const data = shallowRef<T>()
  const error = shallowRef<AppError>()
  const loading = ref(true)
  let run = 0

  async function reload(): Promise<void> {
    const mine = ++run
    try {
      const answer = await query()
      if (mine !== run) return
      data.value = answer
      error.value = undefined
    } catch (e) {
      if (mine !== run) return
      error.value = AppError.from(e)
    }
    loading.value = false
  }

  const off = bridge.on(Events.changed, (payload) => {
    const c = payload as Partial<Changed> | undefined
    if (!c || c.all || (c.kinds ?? []).some((k) => kinds.includes(k))) void reload()
  })
  const offOutbox = kinds.includes(OUTBOX) ? bridge.on(Events.status, () => void reload()) : undefined
  if (deps.length > 0) {
    watch(deps, () => {
      loading.value = true
      void reload()
    })
  }
  onScopeDispose(() => {
    run++
    off()
    offOutbox?.()
  })
  void reload()
  return { data, error, loading, reload }
}
