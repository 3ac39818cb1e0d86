import { Editor } from '@tiptap/core'
import { UndoRedo } from '@tiptap/extensions'
import { closeHistory } from '@tiptap/pm/history'
import { TextSelection } from '@tiptap/pm/state'
import { afterEach, describe, expect, it } from 'vitest'
import type { Block } from '@/bridge'
import { backspace, cellAt, enter, insertBlocks, insertTable, lookFor, move, nextCell, replaceAll, retype, tableEdit, turn, bindApart, turnable } from './commands'
import { Find, find } from './find'
import { Ids } from './ids'
import { hanzi, numbers, prefixIn } from './numbering'
import { Picture } from './picture'
import { blocksFromHTML, blocksFromText } from './paste'
import { Break, Cell, Doc, Para, Row, Table, Text, toBlocks, toDoc } from './schema'
import { countWords } from './words'

const b = (id: string, text: string, type = 'text', level = 0, attrs?: Record<string, string>): Block => ({ id, type, level, text, ...(attrs ? { attrs } : {}) })
let made: Editor[] = []
function open(blocks: Block[]): Editor {
  const e = new Editor({ extensions: [Doc, Text, Para, Break, Table, Row, Cell, Picture, Ids, Find, UndoRedo.configure({ newGroupDelay: 0 })], content: toDoc(blocks), injectCSS: false })
  made.push(e)
  return e
}
afterEach(() => {
  for (const e of made) e.destroy()
  made = []
})
const now = (e: Editor) => toBlocks(e.state.doc)
const texts = (e: Editor) => now(e).map((x) => x.text)
/** caret puts the caret into a block, behind some characters. */
function caret(e: Editor, index: number, offset = 0): void {
  let at = 0
  for (let i = 0; i < index; i++) at += e.state.doc.child(i).nodeSize
  e.view.dispatch(e.state.tr.setSelection(TextSelection.near(e.state.doc.resolve(at + 1 + offset))))
}

describe('blocks in and out', () => {
  it('keeps everything, types it does not know and uneven tables too', () => {
    const all = [
      b('a', '一、<b>目标</b>\' "; DROP TABLE x;--', 'heading', 1), b('c', '一行\n二行\n', 'text', 0, { align: 'center' }), b('d', ''), b('e', '甲\t乙\n丙\n\t丁', 'table'),
      b('f', '清岚市', 'signature'), b('g', '𠮷䶮\u200f\u202eمرحبا  双空格\t制表'), b('h', 'x', 'unknown', 0, { k: 'v' }), b('i', '', 'table'), b('j', '1.表', 'attachment'),
    ]
    expect(now(open(all))).toEqual(all)
  })
})

describe('Enter and Backspace', () => {
  it('splits: the words before the caret keep the id', () => {
    const e = open([b('a', '一二三四')])
    caret(e, 0, 2)
    enter(e as never)
    expect(texts(e)).toEqual(['一二', '三四'])
    expect(now(e)[0]?.id).toBe('a')
    expect(now(e)[1]?.id).not.toBe('a')
  })
  it('begins a block before, at the beginning of one: its words keep their id', () => {
    const e = open([b('a', '一二')])
    caret(e, 0, 0)
    enter(e as never)
    expect(now(e).map((x) => [x.id === 'a', x.text])).toEqual([[false, ''], [true, '一二']])
  })
  it('goes on with text behind a heading', () => {
    const e = open([b('a', '一、目标', 'heading', 1)])
    caret(e, 0, 4)
    enter(e as never)
    expect(now(e)[1]).toMatchObject({ type: 'text', level: 0, text: '' })
  })
  it('makes a heading text first, then joins', () => {
    const e = open([b('a', '甲'), b('h', '乙', 'heading', 1)])
    caret(e, 1, 0)
    expect(backspace(e as never)).toBe(true)
    expect(now(e)[1]).toMatchObject({ id: 'h', type: 'text' })
    expect(backspace(e as never)).toBe(false)
    e.commands.joinBackward()
    expect(now(e)).toEqual([b('a', '甲乙')])
  })
})

describe('moves, types and tables', () => {
  it('moves a block with its id', () => {
    const e = open([b('a', '甲'), b('t', '1\t2', 'table'), b('c', '丙')])
    caret(e, 2)
    move(e as never, -1)
    expect(now(e).map((x) => x.id)).toEqual(['a', 'c', 't'])
    move(e as never, -1)
    move(e as never, -1)
    expect(now(e).map((x) => x.id)).toEqual(['c', 'a', 't'])
  })
  it('numbers headings by level and takes the number away again', () => {
    const e = open([b('a', '目标'), b('c', '措施'), b('d', '一条'), b('f', '保障')])
    for (const [i, type] of [[0, 'h1'], [1, 'h1'], [2, 'h2'], [3, 'h1']] as const) {
      caret(e, i)
      retype(e as never, type)
    }
    expect(texts(e)).toEqual(['一、目标', '二、措施', '（一）一条', '三、保障'])
    caret(e, 1)
    move(e as never, -1)
    caret(e, 0)
    retype(e as never, 'h1')
    expect(texts(e).slice(0, 2)).toEqual(['一、措施', '二、目标'])
    caret(e, 0)
    retype(e as never, 'text')
    expect(now(e)[0]).toMatchObject({ id: 'c', type: 'text', text: '措施' })
  })
  it('edits a table as rows and cells', () => {
    const e = open([b('a', '甲'), b('t', '1\t2\n3\t4', 'table')])
    caret(e, 1, 2)
    expect(cellAt(e.state)).toMatchObject({ row: 0, column: 0 })
    tableEdit(e as never, 'columnAfter')
    tableEdit(e as never, 'rowBefore')
    expect(now(e)[1]).toEqual(b('t', '\t\t\n1\t\t2\n3\t\t4', 'table'))
    tableEdit(e as never, 'dropRow')
    for (let i = 0; i < 6; i++) nextCell(e as never, 1)
    e.commands.insertContent('新')
    expect(now(e)[1]?.text).toBe('1\t\t2\n3\t\t4\n\t新\t')
    tableEdit(e as never, 'dropTable')
    expect(texts(e)).toEqual(['甲', ''])
    insertTable(e as never, 2, 2)
    expect(texts(e)).toEqual(['甲', '\t\n\t', ''])
  })
})

describe('paste', () => {
  it('takes Word apart: headings, lists, tables; no fonts, no scripts', () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body><!--[if gte mso 9]><xml>x</xml><![endif]-->
      <p class=MsoNormal style='text-indent:32pt'><span style='font-family:仿宋_GB2312'>现将有关<b>事项</b>\n通知如下&nbsp;<o:p></o:p></span></p>
      <p class="MsoHeading1">一、目标任务</p><p>（一）摸清底数。6月30日前完成。</p><p>二、工作要求</p>
      <table><tr><td><p>单位</p></td><td>数量</td></tr><tr><td>东屏区</td><td> 52 </td></tr></table>
      <ul><li>其一</li><li>其二</li></ul><p>附件：分配表</p><img src=x onerror=alert(1)><script>alert(1)</script></body></html>`
    expect(blocksFromHTML(html).map(({ id: _, ...x }) => x)).toEqual([
      { type: 'text', level: 0, text: '现将有关事项 通知如下' }, { type: 'heading', level: 1, text: '一、目标任务' }, { type: 'text', level: 0, text: '（一）摸清底数。6月30日前完成。' },
      { type: 'heading', level: 1, text: '二、工作要求' }, { type: 'table', level: 0, text: '单位\t数量\n东屏区\t52' }, { type: 'text', level: 0, text: '其一' },
      { type: 'text', level: 0, text: '其二' }, { type: 'attachment', level: 0, text: '分配表' },
    ])
  })
  it('reads plain lines and a copied sheet', () => {
    expect(blocksFromText('　　第一段\r\n\r\n甲\t乙\n丙\t丁\n末段').map((x) => [x.type, x.text])).toEqual([['text', '第一段'], ['table', '甲\t乙\n丙\t丁'], ['text', '末段']])
  })
  it('puts one line into the paragraph, more as blocks of their own', () => {
    const e = open([b('a', '一二')])
    caret(e, 0, 1)
    insertBlocks(e as never, blocksFromText('插'))
    expect(now(e)).toEqual([b('a', '一插二')])
    insertBlocks(e as never, blocksFromText('甲\n乙'))
    expect(texts(e)).toEqual(['一插', '甲', '乙', '二'])
    expect(new Set(now(e).map((x) => x.id)).size).toBe(4)
    expect(now(e)[0]?.id).toBe('a')
  })
})

describe('find and replace', () => {
  const doc = () => open([b('a', '情况 A.b a.B 情况'), b('t', '情况\tab', 'table'), b('c', '情\n况')])
  it('finds in paragraphs and cells, never over an end', () => {
    const e = doc()
    const n = (text: string, matchCase = false, whole = false) => find(e.state.doc, { text, matchCase, whole }).length
    expect([n('情况'), n('a.b'), n('a.b', true), n('b', false, true), n('ab', false, true), n('.*'), n('')]).toEqual([3, 2, 0, 2, 1, 0, 0])
  })
  it('replaces all in one step that one undo takes back', () => {
    const e = doc()
    const was = texts(e)
    lookFor(e as never, { text: '情况', matchCase: false, whole: false })
    expect(replaceAll(e as never, '现状况')).toBe(3)
    expect(texts(e)).toEqual(['现状况 A.b a.B 现状况', '现状况\tab', '情\n况'])
    e.commands.undo()
    expect(texts(e)).toEqual(was)
  })
})

describe('counting and numbering', () => {
  it('counts as an office does', () => {
    expect(countWords(['2026年，建成120个。', 'hello world', ''])).toEqual({ words: 10, plain: 8, characters: 23, paragraphs: 2 })
  })
  it('writes numbers and knows them again', () => {
    expect([1, 10, 12, 20, 35].map(hanzi)).toEqual(['一', '十', '十二', '二十', '三十五'])
    expect(['一、甲', '（二）乙', '3.丙', '(4)丁', '2026年', '3.5倍'].map((x) => prefixIn(x)?.level)).toEqual([1, 2, 3, 4, undefined, undefined])
    const h = (level: number, text: string) => b(text, text, 'heading', level)
    expect([...numbers([h(1, '五、甲'), h(2, '（九）乙'), h(1, '九、丙'), h(2, '（九）丁'), h(2, '无号')]).values()]).toEqual(['一、', '（一）', '二、', '（一）'])
  })
})

describe('random edits', () => {
  // A generator of its own, so that a failure comes again.
  function random(seed: number): (n: number) => number {
    let s = seed
    return (n) => {
      s = (s * 1664525 + 1013904223) % 4294967296
      return Math.floor((s / 4294967296) * n)
    }
  }
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))('keep ids apart and lose no words (%i)', { timeout: 60_000 }, (seed) => {
    const r = random(seed)
    const e = open([b('a', '甲甲甲'), b('t', '1\t2\n3\t4', 'table'), b('c', '丙𠮷丙', 'heading', 1), b('d', '丁\n丁')])
    let serial = 0
    let typed = ''
    for (let i = 0; i < 40; i++) {
      const size = e.state.doc.content.size
      e.view.dispatch(e.state.tr.setSelection(TextSelection.near(e.state.doc.resolve(r(size + 1)))))
      // No caret stands within a character.
      const { parent, parentOffset } = e.state.selection.$from
      if (/[\udc00-\udfff]/.test(parent.textBetween(parentOffset, Math.min(parentOffset + 1, parent.content.size)))) continue
      const before = texts(e).join('|')
      const what = r(8)
      switch (what) {
        case 0:
          enter(e as never)
          break
        case 1: {
          const s = String.fromCodePoint(0x4e00 + serial++)
          typed += s
          e.view.dispatch(e.state.tr.insertText(s))
          break
        }
        case 2:
          if (!backspace(e as never)) e.commands.joinBackward()
          break
        case 3:
          move(e as never, r(2) ? 1 : -1)
          break
        case 4: {
          const s = String.fromCodePoint(0x4e00 + serial++)
          typed += s
          insertBlocks(e as never, [b(`p${i}`, s), b('a', '')]) // a block with an id that is there
          break
        }
        case 5:
          retype(e as never, ['h1', 'h2', 'text', 'signature'][r(4)] as string)
          break
        case 6:
          if (e.commands.undo()) e.commands.redo()
          break
        default: {
          // Everything copied and pasted once more behind itself, then taken back.
          const all = e.state.doc.slice(0, size)
          const was = e.state.doc
          e.view.dispatch(closeHistory(e.state.tr).replaceSelection(all))
          if (!e.state.doc.eq(was)) e.commands.undo()
        }
      }
      const after = now(e)
      const seen = after.map((x) => x.id)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.every(Boolean)).toBe(true)
      const text = after.map((x) => x.text).join('')
      for (const c of typed) expect(text, `${what}: ${before}`).toContain(c)
      for (const c of '1234丙丁𠮷') expect(text).toContain(c)
    }
    expect(now(open(now(e)))).toEqual(now(e))
  })
})

describe('annexes', () => {
  it('number their own headings, and lie across and upright again', () => {
    const e = open([b('a', '一、甲', 'heading', 1), b('x', '分配表', 'annex'), b('c', '一、乙', 'heading', 1), b('t', '区县\t点位', 'table')])
    expect(numbers(now(e)).get(2)).toBe('一、')
    caret(e, 0)
    expect(turnable(e.state)).toBeUndefined()
    caret(e, 1)
    turn(e as never)
    expect(now(e)[1]?.attrs).toEqual({ turned: 'yes' })
    expect(turnable(e.state)).toEqual({ turned: true, apart: false })
    turn(e as never)
    expect(now(e)[1]?.attrs).toBeUndefined()
    caret(e, 3, 2)
    turn(e as never)
    expect(now(e)[3]?.attrs).toEqual({ turned: 'yes' })
    expect(now(e)[3]?.text).toBe('区县\t点位')
    bindApart(e as never) // a table is bound where it stands
    expect(now(e)[3]?.attrs).toEqual({ turned: 'yes' })
  })
  it('are bound apart and with the paper again, whichever way they lie', () => {
    const e = open([b('a', '一、甲', 'heading', 1), b('x', '分配表', 'annex')])
    caret(e, 0)
    bindApart(e as never)
    expect(now(e)[0]?.attrs).toBeUndefined()
    caret(e, 1)
    turn(e as never)
    bindApart(e as never)
    expect(now(e)[1]?.attrs).toEqual({ turned: 'yes', apart: 'yes' })
    expect(turnable(e.state)).toEqual({ turned: true, apart: true })
    turn(e as never)
    bindApart(e as never)
    expect(now(e)[1]?.attrs).toBeUndefined()
  })
})
