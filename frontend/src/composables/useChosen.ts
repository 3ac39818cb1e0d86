import { reactive, watch, type Ref } from 'vue'

/** useChosen is what is ticked of a list, for acting on many at once. What leaves the list leaves the choice. */
export function useChosen<T>(rows: Ref<T[]>, key: (row: T) => string) {
  const chosen = reactive(new Set<string>())
  watch(rows, (now) => {
    const here = new Set(now.map(key))
    for (const id of [...chosen]) if (!here.has(id)) chosen.delete(id)
  })
  function toggle(id: string): void {
    if (!chosen.delete(id)) chosen.add(id)
  }
  function all(): void {
    if (rows.value.length && rows.value.every((r) => chosen.has(key(r)))) chosen.clear()
    else for (const r of rows.value) chosen.add(key(r))
  }
  return { chosen, toggle, all }
}
