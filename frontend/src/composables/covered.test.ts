import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('every composable outside the documents has a test', () => {
  const src = join(import.meta.dirname, '..')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((f) => !/^(wailsjs|bridge|rooms.document)/.test(f))
  const tests = files.filter((f) => f.endsWith('.test.ts')).map((f) => readFileSync(join(src, f), 'utf8'))
  const names = files
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .flatMap((f) => [...readFileSync(join(src, f), 'utf8').matchAll(/^export (?:async )?(?:function|const) (use[A-Z]\w*)/gm)].map((m) => m[1] ?? ''))
  expect(names.length).toBeGreaterThan(15)
  expect(names.filter((n) => !tests.some((t) => new RegExp(`\\b${n}\\b`).test(t)))).toEqual([])
})
