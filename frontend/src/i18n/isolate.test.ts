import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { useI18n } from 'vue-i18n'
import { makeI18n } from '.'
import { isolate } from './isolate'

const RLO = '\u202e'
const FSI = '\u2068'
const PDI = '\u2069'

describe('isolate', () => {
  it('leaves alone what cannot turn anything', () => {
    for (const s of ['', '关于供热的请示', 'plain <b>text</b>', '䶮喆𠮷', '〔2026〕3号']) expect(isolate(s)).toBe(s)
    expect(isolate(3)).toBe('3')
    expect(isolate(undefined)).toBe('')
  })

  it('closes what turns', () => {
    expect(isolate(`a${RLO}b`)).toBe(`${FSI}a${RLO}b${PDI}`)
    expect(isolate('שלום')).toBe(`${FSI}שלום${PDI}`)
    expect(isolate('مرحبا')).toBe(`${FSI}مرحبا${PDI}`)
  })

  it('cannot be left early or kept open', () => {
    expect(isolate(`a${PDI}${RLO}b`)).toBe(`${FSI}a${RLO}b${PDI}`)
    expect(isolate(`\u2067a${FSI}b`)).toBe(`${FSI}\u2067a${FSI}b${PDI}${PDI}${PDI}`)
    expect(isolate(`${FSI}a${PDI}`)).toBe(`${FSI}${FSI}a${PDI}${PDI}`)
    for (const s of [`${PDI}${PDI}${FSI}x`, `\u2066${RLO}${PDI}${PDI}y`]) {
      let open = 0
      for (const c of isolate(s)) {
        if (c >= '\u2066' && c <= '\u2068') open++
        if (c === PDI) expect(--open).toBeGreaterThanOrEqual(0)
      }
      expect(open).toBe(0)
    }
  })
})

describe('messages', () => {
  it('isolate every text that is put into them, in every component', () => {
    const i18n = makeI18n()
    expect(i18n.global.t('register.done', { title: `x${RLO}y` })).toBe(`已登记“${FSI}x${RLO}y${PDI}”`)
    expect(i18n.global.t('register.done', { title: '供热' })).toBe('已登记“供热”')
    expect(i18n.global.t('notice.many', { n: 3 }, 3)).toContain('3')
    const Part = defineComponent(() => {
      const { t } = useI18n()
      return () => h('p', t('register.done', { title: `x${RLO}y` }))
    })
    expect(mount(Part, { global: { plugins: [i18n] } }).text()).toBe(`已登记“${FSI}x${RLO}y${PDI}”`)
  })

  it('take the place of texts that are set together by hand', () => {
    const bad: string[] = []
    const walk = (dir: string): void => {
      for (const e of readdirSync(dir, { withFileTypes: true })) {
        const p = join(dir, e.name)
        if (e.isDirectory()) {
          if (!['wailsjs', 'editor', 'fake'].includes(e.name)) walk(p)
        } else if (/\.(vue|ts)$/.test(e.name) && !/\.test\.ts$/.test(e.name)) {
          readFileSync(p, 'utf8').split('\n').forEach((line, i) => {
            if (/(?<!\.map\(isolate\))\.join\('(?: · |、|，|　)'\)/.test(line)) bad.push(`${p}:${i + 1}: ${line.trim()}`)
          })
        }
      }
    }
    walk(join(import.meta.dirname, '..'))
    expect(bad.filter((x) => !x.includes('TextList.vue'))).toEqual([]) // a field: what is in it is kept as it stands
  })
})
