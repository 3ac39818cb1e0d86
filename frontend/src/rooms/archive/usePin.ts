import { useI18n } from 'vue-i18n'
import { AppError, useBridge } from '@/bridge'
import { useCommand } from '@/composables/useCommand'
import { useErrorText } from '@/composables/useErrorText'
import { useToast } from '@/stores/toast'
import { useSync } from '@/stores/sync'

/** Keeping a paper on this person's desks, or letting it go by the office's rule. */
export function usePin() {
  const { t } = useI18n()
  const bridge = useBridge()
  const sync = useSync()
  const toast = useToast()
  const { errorTitle } = useErrorText()
  return useCommand(async (id: string, title: string, pinned: boolean) => {
    try {
      if (pinned) await bridge.documents.Unpin(id)
      else await bridge.documents.Pin(id, title)
    } catch (e) {
      return toast.say(errorTitle(AppError.from(e)))
    }
    toast.say(t(pinned ? 'archive.unpinned' : sync.online ? 'archive.pinnedNow' : 'archive.pinnedLater'))
  })
}
