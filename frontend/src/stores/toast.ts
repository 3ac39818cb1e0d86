import { defineStore } from 'pinia'
import { ref } from 'vue'

/** One line that says what was done; the newest replaces the one before. */
export const useToast = defineStore('toast', () => {
  const text = ref('')
  const to = ref('')
  const link = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(line: string, more?: { link: string; to: string }): void {
    text.value = line
    link.value = more?.link ?? ''
    to.value = more?.to ?? ''
    clearTimeout(timer)
    timer = setTimeout(hide, 6000)
  }
  function hide(): void {
    text.value = ''
  }
  return { text, to, link, say, hide }
})
