import { onBeforeUnmount, onMounted } from 'vue'

/** isTyping tells whether a key press belongs to a field the person writes in. */
export function isTyping(e: KeyboardEvent): boolean {
  if (e.isComposing || e.keyCode === 229) return true
  const el = e.target as HTMLElement | null
  return !!el && (el.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(el.tagName))
}

/**
 * composing tells whether an input method is at work: no key acts then. WebKit
 * ends the composition before the key that confirmed it, with code 229.
 */
export function composing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229
}

/** dialogOpen tells whether a dialog, a menu or a pop-over is before the page: its keys are its own. */
export function dialogOpen(): boolean {
  return document.querySelector('.el-overlay:not([style*="display: none"]) [role="dialog"], .el-popper[aria-hidden="false"]:not([class*="leave-active"])') !== null
}

/** useKeys listens on the whole page while the component is there. */
export function useKeys(handle: (e: KeyboardEvent) => void): void {
  const listener = (e: KeyboardEvent) => {
    if (!composing(e)) handle(e)
  }
  onMounted(() => window.addEventListener('keydown', listener))
  onBeforeUnmount(() => window.removeEventListener('keydown', listener))
}
