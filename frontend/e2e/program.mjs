// Further windows for the tests of states: the real program on a profile of its
// own, a way between it and the server that can be held or bent, and the
// server's own commands.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createPort } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openWindow, passwordFile, root, server } from './lib.mjs'

const run = promisify(execFile)
const binaries = process.env.QS_BIN ?? join(root, 'build', 'bin')
const logs = process.env.QS_LOGS ?? tmpdir()

/** freePort is a port of the loopback that nobody has just now. */
async function freePort() {
  const s = createPort().listen(0, '127.0.0.1')
  await once(s, 'listening')
  const { port } = s.address()
  s.close()
  await once(s, 'close')
  return port
}

/** until asks again and again, without a pause of its own, until the answer is true. */
async function until(ask, patience = 30_000) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (await ask()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error('it did not come to be')
}

const folders = []
/** folder is an empty folder, removed by dropPrograms. */
export function folder(name) {
  const f = mkdtempSync(join(tmpdir(), `qs-${name}-`))
  folders.push(f)
  return f
}

/** signIn makes a profile for a person, through `at` (default the server itself), and loads it unless told not to. */
export async function signIn(profile, user, { at = server, load = true } = {}) {
  const desk = join(binaries, 'desk')
  await run(desk, ['--profile', profile, 'login', '--server', at, '--user', user, '--password-file', passwordFile])
  if (load) await run(desk, ['--profile', profile, 'sync'])
}

const programs = []
/** startProgram opens the program on a profile and a browser on its page. */
export async function startProgram(profile, { env = {}, args = [], before = [], width, height } = {}) {
  const port = await freePort()
  const log = openSync(join(logs, `program-${port}.log`), 'a')
  const command = [...before, join(binaries, 'qianshao-dev'), '--profile', profile, ...args]
  const child = spawn(command[0], command.slice(1), {
    env: { ...process.env, QIANSHAO_POLICY: '', devserver: `127.0.0.1:${port}`, assetdir: join(root, 'frontend', 'dist'), ...env },
    stdio: ['ignore', log, log],
    detached: true,
  })
  const url = `http://127.0.0.1:${port}`
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, 'SIGTERM')
    const patience = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 8000)
    await once(child, 'exit')
    clearTimeout(patience)
  }
  programs.push({ stop: end })
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}: see ${logs}/program-${port}.log`)
    return fetch(url).then(
      (r) => r.ok,
      () => false,
    )
  })
  const window = await openWindow({ at: url, width, height })
  const p = {
    ...window,
    child,
    async stop() {
      await window.browser.close().catch(() => undefined)
      await end()
    },
  }
  programs.push(p)
  return p
}

/** start runs the program without a browser and gives its end: for second starts. */
export async function start(args, env = {}) {
  const child = spawn(join(binaries, 'qianshao-dev'), args, {
    env: { ...process.env, devserver: `127.0.0.1:${await freePort()}`, assetdir: join(root, 'frontend', 'dist'), ...env },
  })
  let told = ''
  child.stderr.on('data', (d) => (told += d))
  const [code] = await once(child, 'exit')
  return { code, told }
}

/** syncserver runs one of the server's commands beside the serving one. */
export async function syncserver(...args) {
  const { stdout } = await run(join(binaries, 'syncserver'), [...args, '--data', process.env.QS_DATA])
  return stdout
}

const ways = []
/**
 * way is a stretch of network to the server. `hold` keeps answers of a path
 * until let go, `gate` sees each request's body and lets it pass when its
 * promise does, `bend` changes the answers' JSON, `cut` refuses everything.
 */
export async function way(to = server) {
  const target = new URL(to)
  const held = new Map()
  const bends = new Map()
  const gates = new Map()
  let cut = false
  const w = {
    url: '',
    hold(path) {
      let go
      held.set(path, { gate: new Promise((done) => (go = done)), go: () => (held.delete(path), go()) })
      return () => held.get(path)?.go()
    },
    gate: (path, pass) => gates.set(path, pass),
    bend: (path, change) => (change ? bends.set(path, change) : bends.delete(path)),
    cut: (yes) => {
      cut = yes
      if (yes) s.closeAllConnections()
    },
    async close() {
      for (const h of held.values()) h.go()
      s.closeAllConnections()
      s.close()
    },
  }
  const s = createServer(async (q, a) => {
    if (cut) return q.socket.destroy()
    const bend = bends.get(q.url)
    const headers = { ...q.headers, host: target.host }
    if (bend) delete headers['accept-encoding'] // to be read on the way
    const on = request({ host: target.hostname, port: target.port, path: q.url, method: q.method, headers }, async (r) => {
      const wait = held.get(q.url)
      if (!bend && !wait) {
        a.writeHead(r.statusCode, r.headers)
        r.pipe(a)
        return
      }
      const chunks = []
      for await (const c of r) chunks.push(c)
      let body = Buffer.concat(chunks)
      const out = { ...r.headers }
      if (bend) {
        body = Buffer.from(JSON.stringify(bend(JSON.parse(body.toString()))))
        out['content-length'] = String(body.length)
      }
      await wait?.gate
      if (a.socket?.destroyed) return
      a.writeHead(r.statusCode, out)
      a.end(body)
    })
    on.on('error', () => a.destroy())
    a.on('close', () => on.destroy())
    const gate = gates.get(q.url)
    if (!gate) return q.pipe(on)
    const sent = []
    for await (const c of q) sent.push(c)
    await gate(Buffer.concat(sent).toString())
    on.end(Buffer.concat(sent))
  }).listen(0, '127.0.0.1')
  await once(s, 'listening')
  w.url = `http://127.0.0.1:${s.address().port}`
  ways.push(w)
  return w
}

/** smallDisk mounts a file system of a few megabytes; undefined where that is not allowed. */
export async function smallDisk(size = '24m') {
  const at = folder('disk')
  mkdirSync(at, { recursive: true })
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', at])
  } catch {
    return undefined
  }
  mounts.push(at)
  return at
}
const mounts = []

/** dropPrograms ends all that was started here. */
export async function dropPrograms() {
  for (const p of programs.splice(0)) await p.stop().catch(() => undefined)
  for (const w of ways.splice(0)) await w.close()
  for (const m of mounts.splice(0)) await run('umount', ['-l', m]).catch(() => undefined)
  for (const f of folders.splice(0)) rmSync(f, { recursive: true, force: true })
}
