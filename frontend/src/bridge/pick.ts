import type { Bridge } from './types'
import { wailsBridge } from './wails'

/**
 * pickBridge is the Go program's bridge. A page that is developed without the
 * program (`npm run dev`) gets the fake one; no build contains it.
 */
export async function pickBridge(): Promise<Bridge> {
  if (import.meta.env.DEV && !('go' in window)) {
    const { fakeBridge } = await import('./fake')
    return fakeBridge()
  }
  return wailsBridge()
}
