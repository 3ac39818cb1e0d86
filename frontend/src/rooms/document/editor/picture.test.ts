import { Editor } from '@tiptap/core'
import { UndoRedo } from '@tiptap/extensions'
import { DOMParser as PMParser, DOMSerializer } from '@tiptap/pm/model'
import { NodeSelection, TextSelection } from '@tiptap/pm/state'
import { afterEach, describe, expect, it } from 'vitest'
import type { Block } from '@/bridge'
import { backspace, enter, insertPicture, move, retype, typeIn } from './commands'
import { Ids } from './ids'
import { dropPicture, Picture, pictureAt, pictureBlock, picturesIn, setPicture } from './picture'
import { Break, Cell, Doc, Para, Row, Table, Text, toBlocks, toDoc } from './schema'

const sha = 'ab'.repeat(32)
const pic = (id: string, text = ''): Block => ({ id, type: 'image', level: 0, text, attrs: { sha256: sha, width: '80', w: '400', h: '300', alt: '泵站' } })
const para = (id: string, text: string): Block => ({ id, type: 'text', level: 0, text })
let made: Editor[] = []
let here = true
function open(blocks: Block[]): Editor {
  const host = { look: () => ({ id: 'f', url: here ? '/local/files/f' : '', coming: false }), fetch: () => undefined, words: (k: string) => k, watch: () => () => undefined }
  const e = new Editor({ extensions: [Doc, Text, Para, Break, Table, Row, Cell, Picture.configure({ host }), Ids, UndoRedo], content: toDoc(blocks), injectCSS: false })
  made.push(e)
  return e
}
afterEach(() => {
  for (const e of made) e.destroy()
  made = []
  here = true
})
const now = (e: Editor) => toBlocks(e.state.doc)
const put = (e: Editor, pos: number) => e.view.dispatch(e.state.tr.setSelection(TextSelection.create(e.state.doc, pos)))

describe('pictures', () => {
  it('keeps everything of a block, and of one with a strange caption', () => {
    const all = [pic('a', '图1 <b>一号</b>\u202e泵站'), para('b', 'x'), pic('c')]
    expect(now(open(all))).toEqual(all)
  })
  it('is as wide as at 150 dpi, at most the text', () => {
    expect(pictureBlock({ sha256: sha, w: 600, h: 300 }).attrs?.width).toBe('102')
    expect(pictureBlock({ sha256: sha, w: 6000, h: 300 }).attrs?.width).toBe('156')
    expect(pictureBlock({ sha256: sha, w: 3, h: 3 }).attrs?.width).toBe('10')
  })
  it('goes behind the block under the caret, in place of an empty one, never last', () => {
    const e = open([para('a', '一二'), para('b', '')])
    put(e, 2)
    insertPicture(e as never, pic('p'))
    expect(now(e).map((b) => b.id)).toEqual(['a', 'p', 'b'])
    put(e, e.state.doc.content.size - 1)
    insertPicture(e as never, pic('q'))
    expect(now(e).map((b) => b.type)).toEqual(['text', 'image', 'image', 'text'])
    expect(typeIn(e.state)).toBe('image')
    e.view.dispatch(e.state.tr.insertText('图2'))
    expect(now(e)[2]?.text).toBe('图2')
  })
  it('leads from the caption on with Enter, and is taken out with two Backspaces', () => {
    const e = open([pic('p', '图'), para('b', '下')])
    put(e, 2)
    enter(e as never)
    expect(e.state.selection.$from.parent.attrs.id).toBe('b')
    put(e, 1)
    expect(backspace(e as never)).toBe(true)
    expect(e.state.selection).toBeInstanceOf(NodeSelection)
    expect(now(e)).toHaveLength(2)
    dropPicture(e as never)
    expect(now(e).map((b) => b.id)).toEqual(['b'])
  })
  it('changes its width and words and stays chosen; nothing makes it a heading', () => {
    const e = open([para('a', 'x'), pic('p', '图')])
    put(e, 4)
    retype(e as never, 'h1')
    setPicture(e as never, { width: '120' })
    setPicture(e as never, { alt: '新' })
    expect(pictureAt(e.state)).toBeDefined()
    expect(now(e)[1]).toEqual({ ...pic('p', '图'), attrs: { ...pic('p').attrs, width: '120', alt: '新' } })
    move(e as never, -1)
    expect(now(e).map((b) => b.id)).toEqual(['p', 'a'])
    expect([...picturesIn(now(e))]).toEqual([sha])
  })
  it('shows the picture, or says that it is not here', () => {
    const e = open([pic('p')])
    expect(e.view.dom.querySelector('img')?.getAttribute('src')).toBe('/local/files/f')
    expect(e.view.dom.querySelector('img')?.alt).toBe('泵站')
    here = false
    const f = open([pic('p')])
    expect(f.view.dom.querySelector('img')).toBeNull()
    expect(f.view.dom.querySelector('.picture')?.textContent).toBe('awayfetch')
  })
  it('is copied and pasted with what it is', () => {
    const e = open([pic('p', '图'), para('b', 'x')])
    const box = document.createElement('div')
    box.append(DOMSerializer.fromSchema(e.schema).serializeFragment(e.state.doc.content))
    expect(toBlocks(PMParser.fromSchema(e.schema).parse(box))).toEqual([pic('p', '图'), para('b', 'x')])
  })
})
