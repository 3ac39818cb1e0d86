import { describe, expect, it } from 'vitest'
import { after, beside, isTab, maxTabs, opened, short, gotItsId } from './tabs'

describe('tabs', () => {
  it('are documents and drafts only', () => {
    expect(['/document/a1', '/draft/out', '/draft/in/a1'].every(isTab)).toBe(true)
    expect(['/', '/todo', '/document/', '/document/a/b', '/draft/mail', '/document/../x', '/documents/in', '/document/a?x'].some(isTab)).toBe(false)
  })
  it('open once', () => {
    expect(opened(['/document/a'], '/document/a', () => false)).toEqual(['/document/a'])
    expect(opened(['/document/a'], '/document/b', () => false)).toEqual(['/document/a', '/document/b'])
  })
  it('give way when there are too many, never a dirty one', () => {
    const full = Array.from({ length: maxTabs }, (_, i) => `/document/${i}`)
    expect(opened(full, '/document/x', (p) => p === '/document/0')).toEqual([...full.filter((p) => p !== '/document/1'), '/document/x'])
    expect(opened(full, '/document/x', () => true)).toHaveLength(maxTabs + 1)
  })
  it('leave for a neighbour', () => {
    const p = ['/document/a', '/document/b', '/document/c']
    expect(after(p, '/document/b')).toBe('/document/c')
    expect(after(p, '/document/c')).toBe('/document/b')
    expect(after(['/document/a'], '/document/a')).toBeUndefined()
  })
  it('go round', () => {
    const p = ['/document/a', '/document/b']
    expect(beside(p, '/document/b', 1)).toBe('/document/a')
    expect(beside(p, '/document/a', -1)).toBe('/document/b')
    expect(beside(p, '/todo', 1)).toBe('/document/a')
    expect(beside(p, '/todo', -1)).toBe('/document/b')
    expect(beside([], '/todo', 1)).toBeUndefined()
  })
  it('say what a paper is about', () => {
    expect(['清岚市人民政府办公室关于做好供热的通知', '关于关于', '大风预警', ''].map(short)).toEqual(['关于做好供热的通知', '关于关于', '大风预警', ''])
  })
})

describe('gotItsId', () => {
  it('tells a draft that was saved from another one beside it', () => {
    expect(gotItsId('/draft/out', '/draft/out/0199', { saved: true })).toBe(true)
    expect(gotItsId('/draft/out', '/draft/out/0199', {})).toBe(false) // chosen in the strip
    expect(gotItsId('/draft/out', '/draft/sign/0199', { saved: true })).toBe(false)
    expect(gotItsId('/draft/out/0198', '/draft/out/0199', { saved: true })).toBe(false) // back to one that was saved once
    expect(gotItsId('/draft/out', '/draft/out/0199', null)).toBe(false)
  })
})
