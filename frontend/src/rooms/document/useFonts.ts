import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { PaperPages } from '@/bridge'
import { isolate } from '@/i18n/isolate'

/** What the page that is drawn now lacks on this machine. */
const shown = shallowRef<Pick<PaperPages, 'gaps' | 'lost'>>({ gaps: [], lost: '' })

/** showGaps is told by whoever draws a page. */
export function showGaps(view?: Pick<PaperPages, 'gaps' | 'lost'>): void {
  shown.value = view ?? { gaps: [], lost: '' }
}

/**
 * useFonts names the faces of the page that substitutes play on this machine,
 * and the characters that no font has: every render with substitutes says so.
 */
export function useFonts() {
  const { t } = useI18n()
  const missing = computed(() => {
    const faces = shown.value.gaps.map((g) => t(`document.font.${g.face}`)).map(isolate).join('、')
    return [faces && t('document.fonts', { fonts: faces }), shown.value.lost && t('document.lost', { chars: shown.value.lost })].filter(Boolean).map(isolate).join(' ')
  })
  return { missing }
}
