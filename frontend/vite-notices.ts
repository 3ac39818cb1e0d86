import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** One part of the program that others made, with the text of its licence. */
export interface Licence {
  name: string
  version: string
  licence: string
  text: string
}

const file = /^(licen[cs]e|copying|notice|unlicense)([.-].*)?$/i

function textIn(dir: string): string {
  if (!existsSync(dir)) return ''
  return readdirSync(dir)
    .filter((f) => file.test(f) && !/\.(js|ts|go|json)$/i.test(f))
    .sort()
    .map((f) => readFileSync(join(dir, f), 'utf8').trim())
    .join('\n\n')
}

function nameOf(text: string): string {
  if (/Apache License/i.test(text)) return 'Apache-2.0'
  if (/Mozilla Public License/i.test(text)) return 'MPL-2.0'
  if (/SIL OPEN FONT LICENSE/i.test(text)) return 'OFL-1.1'
  if (/Redistribution and use in source and binary forms/i.test(text)) return /neither the name/i.test(text) ? 'BSD-3-Clause' : 'BSD-2-Clause'
  if (/Permission to use, copy, modify, and\/or distribute/i.test(text)) return 'ISC'
  if (/Permission is hereby granted, free of charge/i.test(text)) return 'MIT'
  return ''
}

/** What the page is made of: the packages of package-lock that are not for development. */
function fromNpm(root: string): Licence[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; license?: string; dev?: boolean; optional?: boolean }>
  }
  return Object.entries(lock.packages)
    .filter(([path, p]) => path.startsWith('node_modules/') && !p.dev && existsSync(join(root, path)))
    .map(([path, p]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: p.version ?? '',
      licence: p.license ?? '',
      text: textIn(join(root, path)),
    }))
}

/** What the program is made of: the modules that its packages come from. */
function fromGo(root: string): Licence[] {
  const out = execFileSync(
    'go',
    ['list', '-e', '-deps', '-tags', 'desktop production webkit2_41 sqlite_fts5', '-f', '{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}', '.'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  const rows = [...new Set(out.split('\n').filter(Boolean))].map((l) => l.split('\t')).filter(([, version]) => version)
  const goRoot = execFileSync('go', ['env', 'GOROOT', 'GOVERSION'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
  const all = [...rows, ['Go', (goRoot[1] ?? '').replace(/^go/, ''), goRoot[0] ?? '']]
  return all.map(([name = '', version = '', dir = '']) => {
    const text = textIn(dir)
    return { name, version, licence: nameOf(text), text }
  })
}

const lucide: Licence = {
  name: 'Lucide',
  version: '',
  licence: 'ISC',
  text: [
    'ISC License',
    'Copyright (c) for portions of Lucide are held by Cole Bemis 2013-2022 as part of Feather (MIT). All other copyright (c) for Lucide are held by Lucide Contributors 2022.',
    'Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.',
    'THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.',
  ].join('\n\n'),
}

/** fonts are those that a package may carry beside the program, see build/fonts.md. */
function fonts(root: string): Licence[] {
  const text = readFileSync(join(root, '..', 'build', 'fonts.md'), 'utf8').trim()
  return [
    { name: 'LXGW WenKai 霞鹜文楷', version: '', licence: 'OFL-1.1', text },
    { name: 'Fandol（FandolFang、FandolHei、FandolSong）', version: '', licence: 'GPL-3.0 with font exception', text },
    { name: 'Noto Serif CJK SC', version: '', licence: 'OFL-1.1', text },
  ]
}

const id = 'virtual:notices'

/**
 * noticesPlugin gives the page the list of what others made, read at build
 * time from what is really built in. Tests do without the Go half: it asks the
 * compiler.
 */
export function noticesPlugin(root: string): Plugin {
  return {
    name: 'notices',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      const all = [...fromNpm(root), ...(process.env.VITEST ? [] : fromGo(join(root, '..'))), lucide, ...fonts(root)]
      // Many have the same words: each text once.
      const texts = [...new Set(all.map((x) => x.text))]
      const rows = all
        .map((x) => [x.name, x.version, x.licence || nameOf(x.text), texts.indexOf(x.text)])
        .sort((a, b) => (String(a[0]).toLowerCase() < String(b[0]).toLowerCase() ? -1 : 1))
      return `export const texts = ${JSON.stringify(texts)}\nexport const rows = ${JSON.stringify(rows)}`
    },
  }
}
