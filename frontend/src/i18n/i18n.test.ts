import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en'
import zhCN from './zh-CN'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [k, v] of Object.entries(tree)) {
    const key = prefix ? `${prefix}.${k}` : k
    if (typeof v === 'string') out.set(key, v)
    else for (const [kk, vv] of flat(v, key)) out.set(kk, vv)
  }
  return out
}
const zh = flat(zhCN as unknown as Tree)
const english = flat(en as unknown as Tree)

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const p = join(dir, e.name)
    if (e.isDirectory()) return e.name === 'wailsjs' ? [] : sources(p)
    return /\.(vue|ts)$/.test(e.name) && !/\.test\.ts$/.test(e.name) ? [p] : []
  })
}
const src = join(import.meta.dirname, '..')
const root = join(src, '..', '..')

describe('messages', () => {
  it('has every key in every language', () => {
    expect([...english.keys()].sort()).toEqual([...zh.keys()].sort())
  })

  it('uses the same values in every language', () => {
    const names = (s: string) => [...new Set([...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort()
    for (const [k, v] of zh) expect([k, names(english.get(k) ?? '')]).toEqual([k, names(v)])
  })

  it('has every key that the code names', () => {
    const missing: string[] = []
    for (const f of sources(src)) {
      const text = readFileSync(f, 'utf8')
      for (const m of text.matchAll(/\bt\(\s*['"]([a-z][\w]*(?:\.[\w]+)+)['"]/g)) {
        if (m[1] && !zh.has(m[1])) missing.push(`${f}: ${m[1]}`)
      }
      // Keys made of a part that varies: the fixed front must exist.
      for (const m of text.matchAll(/\bt\(\s*`([a-z][\w.]*)\.\$\{/g)) {
        if (m[1] && ![...zh.keys()].some((k) => k.startsWith(`${m[1]}.`))) missing.push(`${f}: ${m[1]}.…`)
      }
    }
    expect(missing).toEqual([])
  })

  it('speaks Chinese in the Chinese window', () => {
    // Keys of the keyboard, and the form of an address.
    const allowed = /Ctrl K|Ctrl|Alt|Enter|PNG|JPEG|https:\/\//g
    const english = [...zh].filter(([, v]) => /[A-Za-z]{2,}/.test(v.replace(/\{\w+\}/g, '').replace(allowed, '')))
    expect(english).toEqual([])
  })

  it('has no word outside the messages in any template', () => {
    // Names of keys and of languages, values of the office, signs.
    const allowed = /^(Esc|Enter|Ctrl|Ctrl K|Ctrl\+Enter|Ctrl\+S|Alt\+R|N|\/|English|中文|—.*—|%|〔|〕|号|内部|：|…|　)$/
    const found: string[] = []
    for (const f of sources(src).filter((x) => x.endsWith('.vue'))) {
      const template = /<template>([\s\S]*)<\/template>/.exec(readFileSync(f, 'utf8'))?.[1] ?? ''
      const words = template
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/\{\{[\s\S]*?\}\}/g, '\u0000')
        .replace(/<[a-zA-Z/](?:"[^"]*"|'[^']*'|[^>"'])*>/g, '\u0000')
        .split('\u0000')
        .map((s) => s.trim())
        .filter((s) => /[A-Za-z\u4e00-\u9fff]/.test(s) && !allowed.test(s))
      found.push(...words.map((w2) => `${f}: ${w2}`))
      for (const m of template.matchAll(/ (?:aria-label|title|placeholder|alt)="([^"]+)"/g)) found.push(`${f}: ${m[1]}`)
    }
    expect(found).toEqual([])
  })

  it('has a name for every command that a desk may give', () => {
    const rooms = join(root, 'syncserver', 'office')
    const kinds = readdirSync(rooms)
      .map((room) => join(rooms, room, 'testdata', 'commands'))
      .filter((d) => existsSync(d))
      .flatMap((d) => readdirSync(d).map((f) => f.replace(/@.*$/, '').replace('.', '_')))
    expect(kinds.length).toBeGreaterThan(80)
    expect(kinds.filter((k) => !zh.has(`command.${k}`))).toEqual([])
  })

  it('has a text for every code that Go may answer', () => {
    const files = [
      'syncserver/office/error.go',
      'syncserver/protocol/auth.go',
      'app/internal/engine/engine.go',
      'app/internal/bridge/call.go',
      'app/internal/bridge/unsent.go',
    ]
    const codes = files.flatMap((f) =>
      [...readFileSync(join(root, f), 'utf8').matchAll(/^\s*(?:Code|Note)\w+\s+(?:office\.)?Code\s*=\s*"(\w+)"|^const Code\w+ office\.Code = "(\w+)"/gm)].map((m) => m[1] ?? m[2]),
    )
    expect(codes.length).toBeGreaterThan(35)
    expect(codes.filter((c) => !zh.has(`error.${c}.title`) || !zh.has(`error.${c}.text`))).toEqual([])
  })

  it('shows what people wrote as text only', () => {
    const bad = sources(src).filter((f) => {
      const text = readFileSync(f, 'utf8')
      return /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|eval\(/.test(text)
    })
    expect(bad).toEqual([])
  })
})
