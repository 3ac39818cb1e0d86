/**
 * The only folder that knows wailsjs. Pages take the bridge by `useBridge()`;
 * tests give a fake one.
 */
import { inject, type App, type InjectionKey } from 'vue'
import type { Bridge } from './types'

export { AppError } from './errors'
export { Events, type EventName } from './events'
export { fileURL, upload } from './upload'
export { onRefusal } from './safe'
export type * from './types'

export const bridgeKey: InjectionKey<Bridge> = Symbol('bridge')

/** installBridge gives all components of an app their bridge. */
export function installBridge(app: App, bridge: Bridge): void {
  app.provide(bridgeKey, bridge)
}

/** useBridge is the bridge of the app; call it in setup. */
export function useBridge(): Bridge {
  const b = inject(bridgeKey)
  if (!b) throw new Error('no bridge is installed')
  return b
}
