import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/**
 * useFonts names the fonts of the layout that this machine lacks: every render
 * with substitutes says so.
 */
export function useFonts() {
  const { t } = useI18n()
  const need = [
    { name: 'xbs', families: ['FZXiaoBiaoSong-B05S', '方正小标宋简体'] },
    { name: 'fang', families: ['FangSong', '仿宋_GB2312', 'STFangsong'] },
  ]
  const absent = need.filter((f) => !f.families.some(installed)).map((f) => f.name)
  const missing = computed(() => absent.map((n) => t(`document.font.${n}`)).join('、'))
  return { missing }
}

/** installed compares widths: a font that is missing gives the fallback's. */
function installed(family: string): boolean {
  const canvas = document.createElement('canvas').getContext('2d')
  if (!canvas) return true
  const text = 'mmmmmwwwlli永国'
  const width = (font: string) => {
    canvas.font = `72px ${font}`
    return canvas.measureText(text).width
  }
  return ['monospace', 'serif'].some((base) => width(`"${family}", ${base}`) !== width(base))
}
