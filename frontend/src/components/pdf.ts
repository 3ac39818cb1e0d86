/** What PDF files need beside the library: its worker and the Chinese character maps. */
import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist/legacy/build/pdf.mjs'
import workerURL from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

export { TextLayer } from 'pdfjs-dist/legacy/build/pdf.mjs'
export type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

// Files from elsewhere name fonts that they do not carry: their codes are read
// with these maps. Only the Chinese ones are packed.
const maps = import.meta.glob<string>('/node_modules/pdfjs-dist/cmaps/{GB,UniGB,Adobe-GB}*.bcmap', { query: '?url', import: 'default', eager: true })

/** Maps answers the library's wish for a character map by its name. */
class Maps {
  async fetch(x: { kind: string; filename: string }): Promise<Uint8Array> {
    const at = x.kind === 'cMapUrl' ? maps[`/node_modules/pdfjs-dist/cmaps/${x.filename}`] : undefined
    const r = at ? await fetch(at) : undefined
    if (!r?.ok) throw new Error(`no ${x.filename}`)
    return new Uint8Array(await r.arrayBuffer())
  }
}

/** Why the library asks for a password again: the one given did not fit. */
export const WRONG_PASSWORD = 2

GlobalWorkerOptions.workerSrc = workerURL

/**
 * openPdf reads a file of this program. Nothing in it runs: no scripts, no
 * forms, no links to anywhere.
 */
export function openPdf(url: string): PDFDocumentLoadingTask {
  return getDocument({
    url,
    BinaryDataFactory: Maps,
    cMapUrl: 'maps/',
    cMapPacked: true,
    useWorkerFetch: false,
    useSystemFonts: true,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    stopAtErrors: false,
  })
}

/** A place where the searched words stand: the page and the offset in its text. */
export interface Found {
  page: number
  at: number
}

/** plain is a text for searching: without blanks, small letters. */
export function plain(s: string): string {
  return s.replace(/\s+/g, '').toLowerCase()
}

/** findAll looks for words in the texts of pages; texts are plain already. */
export function findAll(texts: string[], words: string): Found[] {
  const w = plain(words)
  const out: Found[] = []
  if (!w) return out
  for (const [page, text] of texts.entries()) {
    for (let at = text.indexOf(w); at >= 0; at = text.indexOf(w, at + w.length)) out.push({ page, at })
  }
  return out
}

/** rangeOf is the range of the plain characters from…from+length of an element's text. */
export function rangeOf(root: Node, from: number, length: number): Range | undefined {
  const range = document.createRange()
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  let seen = 0
  let begun = false
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const s = n.textContent ?? ''
    for (let i = 0; i < s.length; i++) {
      if (/\s/.test(s[i] as string)) continue
      if (seen === from) {
        range.setStart(n, i)
        begun = true
      }
      seen++
      if (begun && seen === from + length) {
        range.setEnd(n, i + 1)
        return range
      }
    }
  }
  return undefined
}
