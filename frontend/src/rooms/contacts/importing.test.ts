import { describe, expect, it } from 'vitest'
import type { CardInput, FileCard } from '@/bridge'
import { base64, batches, firstActs } from './importing'

const card: CardInput = { id: '', name: '甲', org: '', title: '', phones: [], mails: [], address: '', note: '', group: '' }
const row = (n: number, over: Partial<FileCard> = {}): FileCard => ({ n, card, moved: [], same: [], twin: 0, ...over })

describe('import', () => {
  it('proposes to join who is here, to leave out twins, to take the rest', () => {
    expect(firstActs([row(0), row(1, { same: [{ id: 'x', why: 'phone', card }] }), row(2, { twin: 1 })])).toEqual(['new', 'join', 'skip'])
  })
  it('gives a large file in several calls', () => {
    const list = Array.from({ length: 60 }, () => ({ card, act: 'new', into: '' }))
    expect(batches(list).map((b) => b.length)).toEqual([25, 25, 10])
    expect(batches([])).toEqual([])
  })
  it('carries any bytes', async () => {
    expect(await base64(new Blob([new Uint8Array([0, 255, 128, 10])]))).toBe('AP+ACg==')
    expect(atob(await base64(new Blob(['长'.repeat(40_000)]))).length).toBe(120_000)
  })
})
