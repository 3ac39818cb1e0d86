import { describe, expect, it } from 'vitest'
import type { Mend, MendSet } from '@/bridge'
import { emptyDraft } from './draft'
import { mendDraft } from './mend'

const mend = (m: Partial<Mend>): Mend => ({ label: { zh: '改', en: 'mend' }, sets: [], block: '', words: '', ...m })
const set = (field: string, x: Partial<MendSet> = {}): Mend => mend({ sets: [{ field, text: '', list: [], ...x }] })

describe('mendDraft', () => {
  it('sets a text, a list or a block, and nothing else', () => {
    const form = emptyDraft('out')
    const block = form.blocks[0]!
    expect(mendDraft(form, set('genre', { text: '请示' }))).toBe(true)
    expect(mendDraft(form, set('to', { list: ['省人民政府'] }))).toBe(true)
    expect(mendDraft(form, set('seal', { text: 'none' }))).toBe(true)
    expect(mendDraft(form, mend({ block: block.id, words: '新的一段' }))).toBe(true)
    expect(form.form.seal).toBe('none')
    expect([form.genre, form.to, block.text]).toEqual(['请示', ['省人民政府'], '新的一段'])
  })
  it('refuses what is not there', () => {
    const form = emptyDraft('out')
    const before = JSON.stringify(form)
    expect(mendDraft(form, mend({ block: 'gone', words: 'x' }))).toBe(false)
    expect(mendDraft(form, set('owner', { text: 'x' }))).toBe(false)
    expect(mendDraft(form, set('copies', { text: '3' }))).toBe(false)
    expect(JSON.stringify(form)).toBe(before)
  })
  it('empties a list where the rule takes the last entry away', () => {
    const form = { ...emptyDraft('out'), cc: ['市财政局'] }
    mendDraft(form, set('cc'))
    expect(form.cc).toEqual([])
  })
})
