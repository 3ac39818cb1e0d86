import { useI18n } from 'vue-i18n'
import type { SyncEvent, SyncLine } from '@/bridge'

/** A row of the replication history: a sync, or something out of the ordinary. */
export type Row = { at: number; line: SyncLine; event?: undefined } | { at: number; event: SyncEvent; line?: undefined }

/** merged is both by time, the newest first; of the same moment what happened stands above the sync it happened in. */
export function merged(lines: SyncLine[], events: SyncEvent[]): Row[] {
  const rows: Row[] = [...events.map((event) => ({ at: event.at, event })), ...lines.map((line) => ({ at: line.at, line }))]
  return rows.sort((a, b) => b.at - a.at)
}

/** useHappened are the words for what is out of the ordinary. */
export function useHappened() {
  const { t, te } = useI18n()
  function what(e: SyncEvent): string {
    return t(te(`happened.what.${e.what}`) ? `happened.what.${e.what}` : 'happened.what.other')
  }
  function place(e: SyncEvent): string {
    if (!te(`happened.of.${e.of}`) || !te(`happened.lane.${e.lane}`)) return ''
    return t('happened.place', { of: t(`happened.of.${e.of}`, { name: e.name }), lane: t(`happened.lane.${e.lane}`) })
  }
  function why(e: SyncEvent): string {
    return t(te(`happened.why.${e.why}`) ? `happened.why.${e.why}` : 'happened.why.other', { place: place(e), n: e.rows, what: what(e) }, e.rows)
  }
  return { what, why }
}
