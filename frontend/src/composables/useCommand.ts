import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { AppError } from '@/bridge'

export interface Command<A extends unknown[], R> {
  /** run gives the command once; while it is under way further calls are ignored. */
  run: (...args: A) => Promise<R | undefined>
  busy: Ref<boolean>
  error: ShallowRef<AppError | undefined>
}

/** useCommand wraps one act of the person: busy while it runs, its refusal kept until the next try. */
export function useCommand<A extends unknown[], R>(act: (...args: A) => Promise<R>): Command<A, R> {
  const busy = ref(false)
  const error = shallowRef<AppError>()
  async function run(...args: A): Promise<R | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = undefined
    try {
      return await act(...args)
    } catch (e) {
      error.value = AppError.from(e)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { run, busy, error }
}
