/** blockText is the words of a kept block, or undefined if the value is no block. */
export function blockText(value: string): string | undefined {
  try {
    const v: unknown = JSON.parse(value)
    if (typeof v === 'object' && v !== null && 'text' in v && typeof v.text === 'string') return v.text
  } catch {
    // not JSON: shown as it is
  }
  return undefined
}
