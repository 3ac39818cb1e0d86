import { createI18n } from 'vue-i18n'
import en from './en'
import { isolated } from './isolate'
import zhCN from './zh-CN'

/** The shape of all messages: what zh-CN has, every language has. */
export type Messages = typeof zhCN

/** makeI18n is the messages of the window; what is put into one cannot turn the direction of the rest (isolate.ts). */
export function makeI18n() {
  const i18n = createI18n({
    legacy: false,
    locale: 'zh-CN',
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN, en },
    warnHtmlMessage: true,
  })
  const t = i18n.global.t as (...args: unknown[]) => string
  ;(i18n.global as { t: unknown }).t = (...args: unknown[]) => t(args[0], ...args.slice(1).map(isolated))
  return i18n
}
