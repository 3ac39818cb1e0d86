import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { AppError, Events, useBridge, type Changed, type DocumentRow, type DueCount, type ListQuery } from '@/bridge'

/** Rows of one part, and how many parts are kept around what is seen. */
export const PART = 100
const KEPT = 12

export type RowsQuery = Omit<ListQuery, 'after' | 'skip' | 'limit' | 'count'>

/**
 * useRows is a long list of which only the parts near the eye are here: a part
 * beside one that is here goes on from its last key, a far one is jumped to.
 * When records change, what is seen is read again, silently.
 */
export function useRows(query: Ref<RowsQuery>) {
  const bridge = useBridge()
  const parts = shallowRef(new Map<number, DocumentRow[]>())
  const total = ref(0)
  const groups = shallowRef<DueCount[]>([])
  const mine = ref(0)
  const late = ref(0)
  const cut = ref(false)
  const loading = ref(true)
  const error = shallowRef<AppError>()
  let keys = new Map<number, string>() // the key behind a part
  let under = new Set<number>()
  let seen: [number, number] = [0, 0]
  let run = 0

  /** at is a row that is here; undefined while it is read. */
  const at = (i: number): DocumentRow | undefined => parts.value.get(Math.floor(i / PART))?.[i % PART]

  async function read(part: number, count: boolean, mineRun: number, into: Map<number, DocumentRow[]>, known: Map<number, string>) {
    const after = known.get(part - 1) ?? ''
    const l = await bridge.documents.List({ ...query.value, after, skip: after ? 0 : part * PART, limit: PART, count })
    if (mineRun !== run) return undefined
    into.set(part, l.rows)
    if (l.next) known.set(part, l.next)
    return l
  }

  /** reload reads what is seen again; the old rows stay until the new ones are here. */
  async function reload(): Promise<void> {
    const me = ++run
    under = new Set()
    const fresh = new Map<number, DocumentRow[]>()
    const known = new Map<number, string>()
    const first = Math.floor(seen[0] / PART)
    const last = Math.floor(Math.max(seen[0], seen[1]) / PART)
    try {
      for (let p = first; p <= last; p++) {
        const l = await read(p, p === first, me, fresh, known)
        if (!l) return
        if (p === first) {
          total.value = l.total
          groups.value = l.groups
          mine.value = l.mine
          late.value = l.late
          cut.value = l.cut
        }
        if (l.rows.length < PART) break
      }
      keys = known
      parts.value = fresh
      error.value = undefined
    } catch (e) {
      if (me === run) error.value = AppError.from(e)
    }
    if (me === run) loading.value = false
  }

  /** show tells which rows are before the eye. */
  function show(from: number, to: number): void {
    seen = [Math.max(0, from), Math.max(0, to)]
    const me = run
    const first = Math.floor(seen[0] / PART)
    const last = Math.floor(Math.min(seen[1], Math.max(0, total.value - 1)) / PART)
    for (let p = first; p <= last; p++) {
      if (parts.value.has(p) || under.has(p)) continue
      under.add(p)
      const into = new Map<number, DocumentRow[]>()
      void read(p, false, me, into, keys)
        .then((l) => {
          if (!l || me !== run) return
          const next = new Map([...parts.value, ...into])
          for (const far of [...next.keys()].sort((a, b) => Math.abs(b - p) - Math.abs(a - p)).slice(0, Math.max(0, next.size - KEPT))) next.delete(far)
          parts.value = next
        })
        .catch((e: unknown) => {
          if (me === run) error.value = AppError.from(e)
        })
        .finally(() => {
          if (me === run) under.delete(p)
        })
    }
  }

  watch(
    query,
    () => {
      seen = [0, 0]
      loading.value = true
      void reload()
    },
    { deep: true },
  )
  const off = bridge.on(Events.changed, (payload) => {
    const c = payload as Partial<Changed> | undefined
    if (!c || c.all || (c.kinds ?? []).some((k) => ['doc.header', 'approval.task', 'approval.instance'].includes(k))) void reload()
  })
  onScopeDispose(() => {
    run++
    off()
  })
  void reload()
  return { at, parts, total, groups, mine, late, cut, loading, error, show, reload }
}
