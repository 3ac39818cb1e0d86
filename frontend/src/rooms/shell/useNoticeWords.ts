import { useI18n } from 'vue-i18n'
import type { Words } from './notice'

/** The texts of notifications in the window's language. */
export function useNoticeWords(): Words {
  const { t } = useI18n()
  return {
    app: t('app.name'),
    kind: (n) => t(`notice.kind.${n.kind}`),
    many: (n) => t('notice.many', { n }, n),
  }
}
