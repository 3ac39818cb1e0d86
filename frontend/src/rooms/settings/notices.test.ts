import { expect, it } from 'vitest'
import { notices } from './notices'

it('names what the page is made of, each with its licence', async () => {
  const all = await notices()
  for (const name of ['vue', 'element-plus', 'Lucide', 'LXGW WenKai 霞鹜文楷', 'Noto Serif CJK SC']) expect(all.map((x) => x.name)).toContain(name)
  expect(all.map((x) => x.name)).not.toContain('vitest')
  expect(all.filter((x) => !x.licence).map((x) => x.name)).toEqual([])
  expect(all.find((x) => x.name === 'vue')?.text).toMatch(/Permission is hereby granted/)
})
