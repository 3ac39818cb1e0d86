import { describe, expect, it, vi } from 'vitest'

vi.mock('pdfjs-dist/legacy/build/pdf.mjs', () => ({ getDocument: vi.fn(), GlobalWorkerOptions: {}, PDFWorker: { create: vi.fn() }, TextLayer: class {} }))
const { findAll, plain, rangeOf } = await import('./pdf')

describe('findAll', () => {
  it('finds words across line ends and blanks, in any case', () => {
    const texts = ['关于做好\n供热 保障工作', 'GDP 与 gdp'].map(plain)
    expect(findAll(texts, '好供热保')).toEqual([{ page: 0, at: 3 }])
    expect(findAll(texts, 'Gdp')).toEqual([{ page: 1, at: 0 }, { page: 1, at: 4 }])
    expect(findAll(texts, '  ')).toEqual([])
    expect(findAll(texts, '没有')).toEqual([])
  })
})

describe('rangeOf', () => {
  it('reaches over the pieces of a line', () => {
    const div = document.createElement('div')
    for (const s of ['关于 做', '好', '供热']) div.append(Object.assign(document.createElement('span'), { textContent: s }))
    expect(rangeOf(div, 2, 3)?.toString()).toBe('做好供')
    expect(rangeOf(div, 5, 3)).toBeUndefined()
  })
})
