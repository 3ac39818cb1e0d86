import { useI18n } from 'vue-i18n'

const units = ['KB', 'MB', 'GB']

/** Sizes of files as people read them: 340 字节, 12 KB, 3.4 MB. */
export function useSize() {
  const { t } = useI18n()
  function size(bytes: number): string {
    if (bytes < 1000) return t('files.bytes', { n: bytes })
    let n = bytes / 1024
    let u = 0
    while (n >= 1000 && u < units.length - 1) {
      n /= 1024
      u++
    }
    return `${n < 9.95 ? n.toFixed(1).replace(/\.0$/, '') : Math.round(n)} ${units[u]}`
  }
  /** percent never says 100 % before the end. */
  function percent(done: number, all: number): string {
    return `${Math.min(done >= all ? 100 : 99, Math.floor((100 * done) / all))}%`
  }
  return { size, percent }
}
