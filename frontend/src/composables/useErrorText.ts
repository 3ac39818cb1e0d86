import { useI18n } from 'vue-i18n'
import type { AppError } from '@/bridge'

/**
 * The text of a refusal is chosen by its code. The sentence that came along is
 * in the language of the programs' logs and is shown only as a detail of
 * codes whose text asks for it.
 */
export function useErrorText() {
  const { t, te } = useI18n()
  function key(e: AppError): string {
    return te(`error.${e.code}.title`) ? e.code : 'internal'
  }
  function errorTitle(e: AppError): string {
    if (e.code === 'invalid' && e.field && te(`field.${e.field}`)) {
      return t('error.invalid.of', { field: t(`field.${e.field}`) })
    }
    return t(`error.${key(e)}.title`)
  }
  function errorText(e: AppError): string {
    return t(`error.${key(e)}.text`)
  }
  /** codeText is the short form of a code alone, for one line of many. */
  function codeText(code: string): string {
    return te(`error.${code}.title`) ? t(`error.${code}.title`) : t('error.internal.title')
  }
  return { errorTitle, errorText, codeText }
}
