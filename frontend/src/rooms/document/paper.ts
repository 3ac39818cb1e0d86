import type { PaperInput, PaperPage, PaperPages, PaperRun } from '@/bridge'

/** What may be drawn: a document page, or what is being written. */
export type Drawable = Omit<PaperInput, 'document'> & { document?: string; id?: string }

/** inputOf is what the page shows, for drawing and printing: nothing is read again. */
export function inputOf(p: Drawable): PaperInput {
  return { document: p.document ?? p.id ?? '', kind: p.kind, unit: p.unit, signer: p.signer, updated: p.updated, elements: p.elements, blocks: p.blocks }
}

/** A piece of a line: characters of one font. */
export interface Piece {
  text: string
  /** places of the characters for SVG's x; of fitted letters the first only */
  x: string
  /** the width that letters are fitted into, 0 for none */
  fit: number
  font: number
  size: number
  ink: number
}

/** A line of text, or a piece that is drawn by itself because it is narrowed. */
export interface Line {
  key: string
  y: number
  pieces: Piece[]
  /** CSS transform of a narrowed piece, "" otherwise */
  transform: string
  upright: boolean
}

const mm = (n: number): number => n / 1000

/**
 * linesOf gathers the runs of a page into lines: what is marked and copied is
 * then whole lines in the order of reading.
 */
export function linesOf(page: PaperPage): Line[] {
  const out: Line[] = []
  let now: Line | undefined
  let y = NaN
  let part = ''
  for (const [i, r] of page.runs.entries()) {
    const squeezed = r.q !== 0 && r.q !== 1000
    if (squeezed || !now || now.transform || r.y !== y || r.p !== part || r.u !== now.upright) {
      now = { key: `${i}`, y: mm(r.y), pieces: [], transform: '', upright: r.u }
      if (squeezed) {
        now.transform = `translate(${mm(r.x[0] ?? 0)} ${now.y}) scale(${r.q / 1000} 1)`
        now.y = 0
      }
      out.push(now)
      y = r.y
      part = r.p
    }
    now.pieces.push(pieceOf(r, squeezed))
  }
  return out
}

function pieceOf(r: PaperRun, squeezed: boolean): Piece {
  const from = r.x[0] ?? 0
  const fit = r.w && r.x.length > 1 ? mm(r.e - from) : 0
  const x = squeezed ? r.x.map((v) => ((v - from) / r.q).toFixed(3)).join(' ') : fit ? String(mm(from)) : r.x.map(mm).join(' ')
  return { text: r.t, x, fit, font: r.f, size: mm(r.z), ink: r.i }
}

/** squares is the path of a code's dark modules inside a place of side `side`. */
export function squares(dark: number[], side: number): string {
  let d = ''
  for (let i = 0; i + 2 < dark.length; i += 3) d += `M${dark[i]} ${dark[i + 1]}h${dark[i + 2]}v1h-${dark[i + 2]}z`
  return side > 0 ? d : ''
}

const loading = new Map<string, Promise<void>>()

/**
 * loadFonts makes the fonts of a view known to the page, each once. A font that
 * cannot be loaded is drawn by the page's own: the text is there all the same.
 */
export async function loadFonts(view: PaperPages): Promise<void> {
  if (typeof FontFace === 'undefined') return
  await Promise.all(
    view.fonts.map((f) => {
      let p = loading.get(f.family)
      if (!p) {
        p = new FontFace(f.family, `url(${f.url})`)
          .load()
          .then((face) => {
            document.fonts.add(face)
          })
          .catch(() => {
            loading.delete(f.family)
          })
        loading.set(f.family, p)
      }
      return p
    }),
  )
}
