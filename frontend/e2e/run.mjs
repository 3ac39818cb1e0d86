// Runs every test of the window in order, one after the other: they share one
// person's desk and tell one story. A file is given up after seven
// minutes: the longest takes two on a machine that does nothing else.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const only = process.argv.slice(2)
const files = readdirSync(here)
  .filter((f) => f.endsWith('.e2e.mjs') && (only.length === 0 || only.some((o) => f.includes(o))))
  .sort()
  .map((f) => join(here, f))
const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=420000', ...files], { stdio: 'inherit' })
child.on('exit', (code) => process.exit(code ?? 1))
