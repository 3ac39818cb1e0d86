import { useI18n } from 'vue-i18n'
import { isolate } from '@/i18n/isolate'
import type { Holder } from '@/bridge'
import { useFormat } from '@/composables/useFormat'

/** How somebody has a paper in hand: read or not, in whose name, added by whom, and who was told that it is late. */
export function useHolding() {
  const { t } = useI18n()
  const { stamp } = useFormat()
  const seen = (h: Holder) => (h.opened ? t('hold.read', { at: stamp(h.opened) }) : t('hold.unread'))
  function how(h: Holder): string {
    if (h.for) return t('hold.as', { who: h.for })
    return ['before', 'after', 'beside', 'delegate', 'asleep'].includes(h.why) ? t(`hold.${h.why}`) : ''
  }
  const holding = (h: Holder) => [how(h), h.escalated.length ? t('hold.escalated', { who: h.escalated.map(isolate).join('、') }) : ''].filter(Boolean).map(isolate).join(' · ')
  return { seen, holding }
}
