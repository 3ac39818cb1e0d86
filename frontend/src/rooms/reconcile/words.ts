import { useI18n } from 'vue-i18n'
import type { Entry } from '@/bridge'
import { clock, dayDiff, useFormat } from '@/composables/useFormat'

/** The sentences of the reconcile desk: what happened, who, when, what was kept. */
export function useWords() {
  const { t, te } = useI18n()
  const { stamp } = useFormat()

  function act(e: { command: string }): string {
    const key = `command.${e.command.replace('.', '_')}`
    return te(key) ? t(key) : e.command
  }

  function title(e: Entry): string {
    // What was removed, or is no longer mine to see, has left this desk with its name.
    const name = e.title || t(e.code === 'not_found' || e.code === 'held' ? 'reconcile.gone' : 'reconcile.untitled')
    const room = e.command.split('.')[0] ?? ''
    const prefix = { todo: 'reconcile.of.todo', calendar: 'reconcile.of.calendar', contact: 'reconcile.of.contact' }[room]
    return prefix ? t(prefix, { name }) : name
  }

  function key(code: string, base: string): string {
    return te(`reconcile.${base}.${code}`) ? `reconcile.${base}.${code}` : `reconcile.${base}.other`
  }

  /** short is the line of the list. */
  function short(e: Entry): string {
    if (e.group === 'transit') return t('reconcile.given', { at: stamp(e.acted), what: act(e) })
    if (e.group === 'done') {
      const same = dayDiff(e.acted, e.settled || e.acted) === 0
      return t('reconcile.doneAt', {
        what: act(e),
        at: stamp(e.acted),
        settled: e.settled ? (same ? clock(e.settled) : stamp(e.settled)) : '—',
      })
    }
    if (e.state === 'held') return t('reconcile.short.held')
    return t(key(e.code, 'short'), { who: e.by || t('reconcile.somebody') })
  }

  /** reason is the sentence of the case. */
  function reason(e: Entry): string {
    const values = {
      at: stamp(e.acted),
      what: act(e),
      who: e.by || t('reconcile.somebody'),
      when: e.byAt ? stamp(e.byAt) : stamp(e.settled),
      seen: e.revSeen || '—',
      now: e.revNow || '—',
      step: e.step,
      settled: stamp(e.settled),
    }
    const base = e.state === 'held' ? 'reconcile.reason.held' : key(e.code, 'reason')
    const parts = [t(base, values)]
    if (e.chain.length) parts.push(t('reconcile.chain', { n: e.chain.length }, e.chain.length))
    return parts.join('')
  }

  /** wrote is what the person filled in, field by field. */
  function wrote(e: Entry): { name: string; text: string }[] {
    const room = e.command.split('.')[0]
    return e.wrote.map((w) => ({
      name: room === 'contact' && w.field === 'title' ? t('field.title_of') : te(`field.${w.field}`) ? t(`field.${w.field}`) : w.field,
      text: w.type === 'time' ? stamp(Number(w.text)) : w.type === 'flag' ? t(w.text === '1' ? 'common.yes' : 'common.no') : w.text,
    }))
  }
  function wroteText(e: Entry): string {
    return wrote(e).map((w) => `${w.name}${t('reconcile.colon')}${w.text}`).join('\n')
  }

  return { act, title, short, reason, wrote, wroteText }
}
