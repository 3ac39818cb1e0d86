import { useI18n } from 'vue-i18n'
import { useToast } from '@/stores/toast'

/** useCopy puts words on the clipboard and says so. */
export function useCopy() {
  const { t } = useI18n()
  const toast = useToast()

  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Older web views allow the clipboard only to a selected field.
      const f = document.createElement('textarea')
      f.value = text
      f.style.position = 'fixed'
      f.style.opacity = '0'
      document.body.append(f)
      f.select()
      document.execCommand('copy')
      f.remove()
    }
    toast.say(t('common.copied'))
  }
  return { copy }
}
