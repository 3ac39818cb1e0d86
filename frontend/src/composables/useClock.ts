import { onScopeDispose, ref, type Ref } from 'vue'

/** useClock is the present minute, in milliseconds. */
export function useClock(): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    now.value = Date.now()
  }, 20_000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
