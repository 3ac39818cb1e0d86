import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useBridge, type Preferences } from '@/bridge'
import { useSession } from './session'

/** How this person wants the window on this machine. */
export const useSettings = defineStore('settings', () => {
  const bridge = useBridge()
  const session = useSession()
  const prefs = ref<Preferences>({
    theme: 'auto', scale: 'auto', text: 100, language: 'zh-CN', phrases: [], lists: [], dense: false, spoken: false,
    notify: true, detail: 'title', quiet: false, quietFrom: '22:00', quietTo: '07:00',
  })
  const systemDark = ref(matchMedia('(prefers-color-scheme: dark)').matches)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (e) => {
    systemDark.value = e.matches
  })

  const dark = computed(() => (prefs.value.theme === 'auto' ? systemDark.value : prefs.value.theme === 'dark'))
  const leader = computed(() =>
    prefs.value.scale === 'auto' ? !!session.state?.leader : prefs.value.scale === 'leader',
  )

  watch(
    [dark, leader, () => prefs.value.text, () => prefs.value.language],
    ([d, l, text, language]) => {
      const html = document.documentElement
      html.dataset.theme = d ? 'dark' : 'light'
      html.style.setProperty('--text-scale', String(text / 100))
      html.lang = language
      document.body.dataset.scale = l ? 'leader' : 'clerk'
    },
    { immediate: true },
  )

  async function load(): Promise<void> {
    try {
      prefs.value = await bridge.settings.Get()
    } catch {
      // the defaults do
    }
  }

  async function set(change: Partial<Preferences>): Promise<void> {
    const next = { ...prefs.value, ...change }
    prefs.value = next
    prefs.value = await bridge.settings.Set(next)
  }

  return { prefs, dark, leader, load, set }
})
