import { describe, expect, it } from 'vitest'
import type { Elements } from '@/bridge'
import { breakTitle, headMark, paginate, paragraphs, titleLines, type Paragraph } from './paper'

const e = (over: Partial<Elements> = {}): Elements => ({
  title: '关于测试的通知', genre: '通知', number: '', numberState: '', series: '', issuer: '清岚市人民政府办公室', urgency: '',
  level: '', publicity: '', to: [], cc: [], copies: 0, note: '', from: '', fromNumber: '', received: 0, handling: '',
  limit: 0, due: 0, signedAt: 0, ...over,
})
const p = (key: string, cls = ''): Paragraph => ({ key, cls, text: '一二三四五六七八九十' })

describe('paragraphs', () => {
  it('puts the addressees first and the note last', () => {
    const list = paragraphs('out', e({ to: ['各区', '各县'], note: '此件公开发布' }), [
      { id: 'a', type: 'text', level: 0, text: '正文' },
    ])
    expect(list.map((x) => x.text)).toEqual(['各区，各县：', '正文', '（此件公开发布）'])
  })
  it('labels the first attachment only and leaves a line before it', () => {
    const list = paragraphs('out', e(), [
      { id: 'a', type: 'attachment', level: 0, text: '1.甲' },
      { id: 'b', type: 'attachment', level: 0, text: '2.乙' },
    ])
    expect(list.map((x) => [x.cls, x.text])).toEqual([['gap', ''], ['att', '附件：1.甲'], ['att2', '2.乙']])
  })
  it('keeps what looks like markup as it is', () => {
    expect(paragraphs('in', e(), [{ id: 'a', type: 'text', level: 0, text: '<b>&amp;</b>' }])[0]?.text).toBe('<b>&amp;</b>')
  })
})

describe('head', () => {
  it('names the issuer', () => {
    expect(headMark('out', e(), '')).toBe('清岚市人民政府办公室文件')
    expect(headMark('out', e({ genre: '函' }), '')).toBe('清岚市人民政府办公室')
    expect(headMark('in', e(), '')).toBe('')
    expect(titleLines('out', e())).toEqual(['清岚市人民政府办公室', '关于测试的通知'])
    expect(titleLines('out', e({ title: '清岚市人民政府办公室关于测试的通知' }))).toEqual(['清岚市人民政府办公室', '关于测试的通知'])
    expect(titleLines('in', e({ title: '关于测试的函' }))).toEqual(['关于测试的函'])
  })
})

describe('breakTitle', () => {
  it('leaves a short title alone', () => {
    expect(breakTitle('关于测试的通知')).toEqual(['关于测试的通知'])
  })
  it('cuts into even lines behind a word and keeps the kind whole', () => {
    expect(breakTitle('关于进一步加强应急值守和信息报告工作的通知')).toEqual(['关于进一步加强应急值守和', '信息报告工作的通知'])
    const long = '关于印发市级应急物资储备和调用办法以及冬季居民供热保障工作若干措施的通知'
    expect(breakTitle(long).join('')).toBe(long)
    expect(breakTitle(long).every((l) => [...l].length <= 20)).toBe(true)
    expect(breakTitle(long).at(-1)).toMatch(/通知$/)
    expect(breakTitle(long).at(-1)?.length).toBeGreaterThan(3)
  })
})

describe('paginate', () => {
  it('fills 22 lines a page and leaves the head its lines', () => {
    const list = Array.from({ length: 30 }, (_, i) => ({ p: p(String(i)), breaks: [] }))
    const pages = paginate(list, 13, 0)
    expect(pages.map((x) => x.length)).toEqual([9, 21])
  })
  it('cuts a paragraph where its line breaks', () => {
    const list = [...Array.from({ length: 21 }, (_, i) => ({ p: p(String(i)), breaks: [] })), { p: p('long'), breaks: [4, 8] }]
    const pages = paginate(list, 0, 0)
    expect(pages[0]?.at(-1)).toMatchObject({ key: 'long', text: '一二三四', cut: true, on: false })
    expect(pages[1]).toEqual([{ key: 'long', cls: '', text: '五六七八九十', on: true }])
  })
  it('loses no text over many pages', () => {
    const list = Array.from({ length: 9 }, (_, i) => ({ p: p(String(i)), breaks: [1, 2, 3, 4, 5, 6, 7, 8, 9] }))
    const pages = paginate(list, 20, 3)
    expect(pages.flat().map((x) => x.text).join('')).toBe('一二三四五六七八九十'.repeat(9))
  })
  it('does not leave a heading alone at the foot', () => {
    const list = [...Array.from({ length: 21 }, (_, i) => ({ p: p(String(i)), breaks: [] })), { p: p('h', 'h1'), breaks: [] }, { p: p('t'), breaks: [] }]
    expect(paginate(list, 0, 0)[1]?.[0]?.key).toBe('h')
  })
  it('gives the colophon a page of its own if it has no room', () => {
    const list = Array.from({ length: 21 }, (_, i) => ({ p: p(String(i)), breaks: [] }))
    expect(paginate(list, 0, 3)).toHaveLength(2)
    expect(paginate(list.slice(0, 19), 0, 3)).toHaveLength(1)
  })
})
