import { Node } from '@tiptap/core'
import type { Editor } from '@tiptap/core'
import { NodeSelection, TextSelection, type EditorState } from '@tiptap/pm/state'
import type { Node as PM } from '@tiptap/pm/model'
import type { Block, PictureInfo } from '@/bridge'
import { newId } from '../newId'
import type { Shown } from '../usePictures'

/**
 * A picture as the editor holds it: a node whose text is the caption. What it
 * shows is named by its SHA-256; where that is read on this desk, and whether
 * it is here at all, the host says.
 */
export interface PictureHost {
  look: (sha: string) => Shown | undefined
  fetch: (sha: string) => void
  /** words of the interface: caption | away | coming | fetch | gone */
  words: (key: string) => string
  /** watch calls back when an answer of look may have changed; the answer ends it. */
  watch: (f: () => void) => () => void
}

/** The width of the text on paper, in millimetres. */
export const FULL = 156
export const NARROW = 10

type Extra = Record<string, string>
const extraOf = (n: PM): Extra => (n.attrs.extra as Extra | null) ?? {}

/** pictureBlock is a new block for a picture: as wide as it is at 150 dpi, at most the text's width. */
export function pictureBlock(p: PictureInfo): Block {
  const width = Math.max(NARROW, Math.min(FULL, Math.round((p.w * 25.4) / 150)))
  return { id: newId(), type: 'image', level: 0, text: '', attrs: { sha256: p.sha256, width: String(width), w: String(p.w), h: String(p.h), alt: '' } }
}

const el = (tag: string, cls: string, text = ''): HTMLElement => {
  const e = document.createElement(tag)
  e.className = cls
  e.textContent = text
  return e
}

export const Picture = Node.create<{ host?: PictureHost }>({
  name: 'image',
  content: 'text*',
  marks: '',
  isolating: true,
  defining: true,
  draggable: true,
  addOptions: () => ({ host: undefined }),
  addAttributes() {
    return {
      id: { default: '', parseHTML: (e: HTMLElement) => e.getAttribute('data-block') ?? '', rendered: false },
      extra: {
        default: null,
        rendered: false,
        parseHTML: (e: HTMLElement) => Object.fromEntries(['sha256', 'width', 'w', 'h', 'alt'].map((k) => [k, e.getAttribute(`data-${k}`) ?? ''])),
      },
    }
  },
  parseHTML: () => [{ tag: 'figure[data-sha256]', contentElement: 'figcaption' }],
  renderHTML({ node }) {
    const data = Object.fromEntries(Object.entries(extraOf(node)).map(([k, v]) => [`data-${k}`, v]))
    return ['figure', { 'data-block': node.attrs.id as string, ...data, class: 'b b-image' }, ['figcaption', 0]]
  },
  addNodeView() {
    const { host } = this.options
    return ({ node: first }) => {
      let node = first
      const dom = el('figure', 'b b-image')
      const box = el('div', 'picture')
      const caption = el('figcaption', '')
      box.contentEditable = 'false'
      dom.append(box, caption)
      const draw = () => {
        const x = extraOf(node)
        const shown = host?.look(x.sha256 ?? '')
        dom.dataset.block = node.attrs.id as string
        box.style.width = `${(100 * Number(x.width ?? FULL)) / FULL}%`
        box.style.aspectRatio = `${x.w || 4} / ${x.h || 3}`
        caption.dataset.hint = node.content.size ? '' : (host?.words('caption') ?? '')
        if (shown?.url) {
          let img = box.querySelector('img')
          if (!img) {
            img = document.createElement('img')
            img.draggable = false
            box.replaceChildren(img)
          }
          if (img.getAttribute('src') !== shown.url) img.src = shown.url
          img.alt = x.alt || node.textContent
          return
        }
        const note = el('span', '', host?.words(!shown ? 'gone' : shown.coming ? 'coming' : 'away') ?? '')
        box.replaceChildren(el('i', 'i i-image'), note)
        if (shown && !shown.coming) {
          const b = el('button', 'btn btn-24', host?.words('fetch') ?? '')
          b.onclick = () => host?.fetch(x.sha256 ?? '')
          box.append(b)
        }
      }
      draw()
      const off = host?.watch(draw)
      return {
        dom,
        contentDOM: caption,
        update(now) {
          if (now.type !== node.type) return false
          node = now
          draw()
          return true
        },
        stopEvent: (e) => e.target instanceof HTMLButtonElement,
        ignoreMutation: (m) => m.type !== 'selection' && !caption.contains(m.target) || m.type === 'attributes',
        destroy: () => off?.(),
      }
    }
  },
})

/** pictureAt is the picture that is chosen or whose caption the caret is in. */
export function pictureAt(state: EditorState): { node: PM; at: number } | undefined {
  const s = state.selection
  if (s instanceof NodeSelection && s.node.type.name === 'image') return { node: s.node, at: s.from }
  if (s.$from.depth === 1 && s.$from.parent.type.name === 'image') return { node: s.$from.parent, at: s.$from.before(1) }
  return undefined
}

/** setPicture changes width or words of the picture that is chosen. */
export function setPicture(e: Editor, set: { width?: string; alt?: string }): void {
  const p = pictureAt(e.state)
  if (!p) return
  const tr = e.state.tr.setNodeMarkup(p.at, undefined, { ...p.node.attrs, extra: { ...extraOf(p.node), ...set } })
  e.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, p.at)))
}

/** dropPicture takes the picture that is chosen out of the text. */
export function dropPicture(e: Editor): void {
  const p = pictureAt(e.state)
  if (!p) return
  const tr = e.state.tr
  const only = e.state.doc.childCount === 1
  if (only) tr.replaceWith(p.at, p.at + p.node.nodeSize, e.state.schema.nodes.para!.create({ id: newId(), type: 'text', level: 0, extra: null }))
  else tr.delete(p.at, p.at + p.node.nodeSize)
  e.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(p.at + 1, tr.doc.content.size)))).scrollIntoView())
  e.view.focus()
}

/** picturesIn are the hashes of the pictures of a text. */
export const picturesIn = (blocks: Block[]): Set<string> => new Set(blocks.filter((b) => b.type === 'image').map((b) => b.attrs?.sha256 ?? ''))
