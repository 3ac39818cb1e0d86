import { createI18n } from 'vue-i18n'
import en from './en'
import zhCN from './zh-CN'

/** The shape of all messages: what zh-CN has, every language has. */
export type Messages = typeof zhCN

export function makeI18n() {
  return createI18n({
    legacy: false,
    locale: 'zh-CN',
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN, en },
    warnHtmlMessage: true,
  })
}
