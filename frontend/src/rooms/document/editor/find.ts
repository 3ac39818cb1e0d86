import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state'
import type { Node as PM } from '@tiptap/pm/model'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

export interface FindQuery {
  text: string
  matchCase: boolean
  whole: boolean
}
export interface Match {
  from: number
  to: number
}
interface FindState {
  query: FindQuery
  matches: Match[]
  at: number
}
export const findKey = new PluginKey<FindState>('find')
const none: FindQuery = { text: '', matchCase: false, whole: false }

/** pattern is what is looked for; undefined for nothing. Whole words are a matter of letters and digits: Chinese has none. */
export function pattern(q: FindQuery): RegExp | undefined {
  if (!q.text) return undefined
  const body = q.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const wordy = (c: string | undefined) => /[A-Za-z0-9]/.test(c ?? '')
  const before = q.whole && wordy(q.text[0]) ? '(?<![A-Za-z0-9])' : ''
  const after = q.whole && wordy(q.text.at(-1)) ? '(?![A-Za-z0-9])' : ''
  return new RegExp(before + body + after, q.matchCase ? 'gu' : 'giu')
}

/** find looks through every paragraph and cell; a match never runs over an end. */
export function find(doc: PM, q: FindQuery): Match[] {
  const re = pattern(q)
  const out: Match[] = []
  if (!re) return out
  doc.descendants((n, pos) => {
    if (!n.isTextblock) return true
    const text = n.textBetween(0, n.content.size, undefined, '\n')
    for (const m of text.matchAll(re)) {
      if (m[0]) out.push({ from: pos + 1 + m.index, to: pos + 1 + m.index + m[0].length })
    }
    return false
  })
  return out
}

/** Find marks what is looked for; nothing of it enters the text. */
export const Find = Extension.create({
  name: 'find',
  addProseMirrorPlugins() {
    return [
      new Plugin<FindState>({
        key: findKey,
        state: {
          init: () => ({ query: none, matches: [], at: -1 }),
          apply(tr, was, _old, now) {
            const meta = tr.getMeta(findKey) as Partial<FindState> | undefined
            if (!meta && !tr.docChanged) return was
            const query = meta?.query ?? was.query
            const matches = meta?.query || tr.docChanged ? find(now.doc, query) : was.matches
            const at = meta?.at ?? (matches.length ? Math.min(Math.max(was.at, 0), matches.length - 1) : -1)
            return { query, matches, at: matches.length ? Math.min(at, matches.length - 1) : -1 }
          },
        },
        props: {
          decorations(state) {
            const s = findKey.getState(state)
            if (!s?.matches.length) return DecorationSet.empty
            return DecorationSet.create(state.doc, s.matches.map((m, i) => Decoration.inline(m.from, m.to, { class: i === s.at ? 'found now' : 'found' })))
          },
        },
      }),
    ]
  },
})

export const findState = (s: EditorState): FindState => findKey.getState(s) ?? { query: none, matches: [], at: -1 }
