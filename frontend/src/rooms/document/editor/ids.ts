import { Extension } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'
import type { Node as PM } from '@tiptap/pm/model'
import { newId } from '../newId'

/**
 * Every block has an id of its own. Of two with the same id, after a paste or a
 * split, the one that stands where the block was before keeps it; the other
 * becomes a new block. What was cut and is pasted again keeps its own.
 */
export const Ids = Extension.create({
  name: 'ids',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction(trs, old, now) {
          if (!trs.some((tr) => tr.docChanged)) return null
          // Where the blocks that were there are now.
          const stood = new Map<string, number>()
          old.doc.forEach((n, at) => {
            let pos = at
            for (const tr of trs) pos = tr.mapping.map(pos, 1)
            stood.set(n.attrs.id as string, pos)
          })
          const first = new Map<string, { at: number; node: PM }>()
          const again: number[] = []
          now.doc.forEach((node, at) => {
            const id = node.attrs.id as string
            const had = first.get(id)
            if (!id) again.push(at)
            else if (!had) first.set(id, { at, node })
            else if (stood.get(id) === at && stood.get(id) !== had.at) {
              again.push(had.at)
              first.set(id, { at, node })
            } else again.push(at)
          })
          if (!again.length) return null
          const tr = now.tr
          for (const at of again) {
            const n = tr.doc.nodeAt(at)
            if (n) tr.setNodeMarkup(at, undefined, { ...n.attrs, id: newId() })
          }
          return tr.setMeta('addToHistory', false)
        },
      }),
    ]
  },
})
