/** Open documents as paths of the page. */
const document = /^\/document\/[0-9A-Za-z_-]{1,64}$/
const draft = /^\/draft\/(in|out|sign)(\/[0-9A-Za-z_-]{1,64})?$/

/** isTab tells whether a path shows a document. */
export function isTab(path: string): boolean {
  return document.test(path) || draft.test(path)
}

export const maxTabs = 12

/** opened adds a path at the end; the oldest clean one goes when there are too many. */
export function opened(paths: string[], path: string, dirty: (p: string) => boolean): string[] {
  if (paths.includes(path)) return paths
  const out = [...paths, path]
  if (out.length <= maxTabs) return out
  const go = out.findIndex((p) => p !== path && !dirty(p))
  return go < 0 ? out : out.filter((_, i) => i !== go)
}

/** after is where to be when `path` is closed: its right neighbour, its left one, or nowhere. */
export function after(paths: string[], path: string): string | undefined {
  const at = paths.indexOf(path)
  return at < 0 ? undefined : (paths[at + 1] ?? paths[at - 1])
}

/** beside is the tab one step on, going round. */
export function beside(paths: string[], path: string, step: number): string | undefined {
  if (!paths.length) return undefined
  const at = paths.indexOf(path)
  if (at < 0) return step > 0 ? paths[0] : paths.at(-1)
  return paths[(at + step + paths.length) % paths.length]
}

/** short is a title without the office that issues it: what a narrow tab has room for. */
export function short(title: string): string {
  const at = title.indexOf('关于')
  return at > 0 ? title.slice(at) : title
}

/** gotItsId: a new paper was saved and its page goes on under another path; whoever saves says so in the history's state. */
export function gotItsId(before: string, now: string, state: unknown): boolean {
  return (state as { saved?: boolean } | null)?.saved === true && /^\/draft\/(in|out|sign)$/.test(before) && now.startsWith(`${before}/`)
}
