import { nextTick, ref, watch, type Ref } from 'vue'
import { dialogOpen, isTyping, useKeys } from './useKeys'

/** Rows that PgUp and PgDn pass over. */
const PAGE = 15

/**
 * useListNav moves a cursor through a list with ↑ ↓ PgUp PgDn Home End and opens with
 * Enter. `key` names rows so that the cursor stays on its row when the list changes.
 */
export function useListNav<T>(rows: Ref<T[]>, key: (row: T) => string, open: (row: T) => void): {
  cursor: Ref<string>
  rowAttr: (row: T) => { 'data-row': string }
} {
  const cursor = ref('')
  watch(rows, (now) => {
    if (cursor.value && !now.some((r) => key(r) === cursor.value)) cursor.value = ''
  })
  function move(to: number): void {
    const row = rows.value[Math.max(0, Math.min(rows.value.length - 1, to))]
    if (!row) return
    cursor.value = key(row)
    // The keys are the list's from here on, whatever button or tab had them.
    const had = document.activeElement
    if (had instanceof HTMLElement && had.matches('a,button')) had.blur()
    void nextTick(() => {
      const el = document.querySelector(`[data-row="${CSS.escape(cursor.value)}"]`)
      el?.scrollIntoView({ block: 'nearest' })
    })
  }
  useKeys((e) => {
    if (isTyping(e) || dialogOpen() || e.ctrlKey || e.metaKey || e.altKey) return
    const at = rows.value.findIndex((r) => key(r) === cursor.value)
    switch (e.key) {
      case 'ArrowDown':
        move(at + 1)
        break
      case 'ArrowUp':
        move(at < 0 ? 0 : at - 1)
        break
      case 'PageDown':
        move(Math.max(0, at) + PAGE)
        break
      case 'PageUp':
        move(Math.max(0, at) - PAGE)
        break
      case 'Home':
        move(0)
        break
      case 'End':
        move(rows.value.length - 1)
        break
      case 'Enter': {
        const el = e.target as HTMLElement
        if (at < 0 || (el.closest('a,button') && !el.closest('[data-row]'))) return
        const row = rows.value[at]
        if (row) open(row)
        break
      }
      default:
        return
    }
    e.preventDefault()
  })
  return { cursor, rowAttr: (row) => ({ 'data-row': key(row) }) }
}
