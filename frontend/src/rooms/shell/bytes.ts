const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** bytes says a size as the system's file manager does: 8.4 MB. */
export function bytes(n: number): string {
  let at = 0
  let x = Math.max(0, n)
  while (x >= 1000 && at < units.length - 1) {
    x /= 1000
    at++
  }
  return `${at === 0 || x >= 100 ? Math.round(x) : x.toFixed(1)} ${units[at]}`
}
