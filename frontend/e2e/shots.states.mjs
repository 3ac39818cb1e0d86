// States of the window that need a program of their own: how to come to each,
// with the real program. Used by shots.mjs and by the tests.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { passwordFile } from './lib.mjs'
import { folder, signIn, smallDisk, startProgram, syncserver, way } from './program.mjs'

const inside = (page) => page.getByRole('navigation', { name: '主导航' }).waitFor({ timeout: 30_000 })
export const password = () => readFileSync(passwordFile, 'utf8').split('\n')[0]

/** syncNow asks for a sync as a person does. */
export async function syncNow(page) {
  const pop = page.getByRole('dialog', { name: '同步状态' })
  await page.getByRole('button', { name: /^同步状态/ }).click()
  await pop.getByRole('button', { name: '立即同步' }).click()
  await page.keyboard.press('Escape')
  await pop.waitFor({ state: 'hidden' }) // the next press is to open it
}

/** lookNow has the desk look at its clock, by a sync or whatever reads first, until the page is locked. */
export async function lookNow(page) {
  const wall = page.getByRole('region', { name: '离线期限已到，本机已锁定' }).waitFor()
  const ask = async () => {
    await page.getByRole('button', { name: /^同步状态/ }).click()
    await page.getByRole('dialog', { name: '同步状态' }).getByRole('button', { name: '立即同步' }).click()
  }
  ask().catch(() => undefined) // the page may lock under the hand
  await wall
}

/** firstStart: no server is known. */
export const firstStart = () => startProgram(folder('first'))

/** preset: IT has set the server's address. */
export function preset(content) {
  const f = join(folder('preset'), 'policy.json')
  writeFileSync(f, content)
  return startProgram(folder('first'), { env: { QIANSHAO_POLICY: f } })
}

/** loading: a first load of which no page has come yet; `go` lets pages through one by one. */
export async function loading(user = 'dingxiaohe') {
  const w = await way()
  const profile = folder('loading')
  await signIn(profile, user, { at: w.url, load: false })
  const go = w.hold('/sync/pull')
  const p = await startProgram(profile)
  await p.page.getByRole('region', { name: '正在下载您的工作资料' }).waitFor()
  return { ...p, way: w, go }
}

/** early: lanes 0–1 of a first load are here, the rest is on its way. */
export async function early(user = 'dingxiaohe') {
  const w = await way()
  const profile = folder('early')
  await signIn(profile, user, { at: w.url, load: false })
  // The first pages are those of the lists; what asks for all lanes waits.
  let lists = true
  let open
  const rest = new Promise((done) => (open = done))
  w.gate('/sync/pull', async (body) => {
    if (lists && /"max_lane":1/.test(body)) return
    lists = false
    await rest
  })
  const p = await startProgram(profile)
  await inside(p.page)
  await p.page.getByText('正在首次下载', { exact: true }).first().waitFor()
  return { ...p, way: w, go: () => open() }
}

/** expired: the server has ended the session of an open desk. */
export async function expired(user = 'yuelinchuan') {
  const profile = folder('expired')
  await signIn(profile, user)
  const p = await startProgram(profile)
  await inside(p.page)
  await syncserver('user', 'end-sessions', user)
  await syncNow(p.page)
  await p.page.getByRole('alert').getByText('登录已过期').first().waitFor()
  return p
}

/** revoked: the server has revoked the device of an open desk. */
export async function revoked(user = 'maxiaochuan') {
  const profile = folder('revoked')
  await signIn(profile, user)
  const dev = JSON.parse(readFileSync(join(profile, 'profile.json'), 'utf8')).dev
  const p = await startProgram(profile)
  await inside(p.page)
  return {
    ...p,
    profile,
    async revoke() {
      await syncserver('user', 'revoke', dev)
      await syncNow(p.page)
      await p.page.getByRole('region', { name: '这台设备已被停用' }).waitFor()
    },
  }
}

/** tooOld: the server takes this program for too old. */
export async function tooOld(user = 'wensuxin') {
  const w = await way()
  const profile = folder('old')
  await signIn(profile, user, { at: w.url })
  w.bend('/sync/hello', (r) => ({ ...r, verdict: 'upgrade' }))
  const p = await startProgram(profile)
  await inside(p.page)
  await p.page.getByRole('alert').getByText('程序需要更新').first().waitFor()
  return { ...p, way: w }
}

/** gone: the server does not answer any more. */
export async function gone(user = 'fangqiming') {
  const w = await way()
  const profile = folder('gone')
  await signIn(profile, user, { at: w.url })
  const p = await startProgram(profile)
  await inside(p.page)
  w.cut(true)
  await syncNow(p.page)
  await p.page.getByRole('button', { name: /^同步状态 离线/ }).waitFor()
  return { ...p, way: w }
}

/** damaged: the file of papers and records is no database any more when the program starts. */
export async function damaged(user = 'jianglingyi') {
  const profile = folder('damaged')
  await signIn(profile, user)
  for (const ending of ['-wal', '-shm']) rmSync(join(profile, `replica.db${ending}`), { force: true })
  writeFileSync(join(profile, 'replica.db'), Buffer.alloc(64 << 10, 'damaged '))
  const p = await startProgram(profile)
  await inside(p.page)
  await p.page.getByRole('button', { name: /^同步状态 已同步至/ }).waitFor({ timeout: 60_000 })
  await p.page.evaluate(() => (location.hash = '#/sync/history'))
  await p.page.getByRole('region', { name: '同步记录' }).waitFor()
  return p
}

/**
 * away: a desk on a journey, its server out of reach and its clock in the test's
 * hand: `turn` moves it by so many hours and has the desk look at it.
 */
export async function away(user = 'shijingting', at = {}) {
  const w = await way()
  const profile = folder('away')
  const clock = join(folder('clock'), 'clock')
  writeFileSync(clock, '0h')
  await signIn(profile, user, { at: w.url })
  const open = () => startProgram(profile, { env: { QIANSHAO_CLOCK: clock }, ...at })
  const p = await open()
  await inside(p.page)
  return { ...p, way: w, open, set: (hours) => writeFileSync(clock, `${hours}h`) }
}

/** locked: the offline term (30 days unless the server says otherwise) is over. */
export async function locked(user) {
  const p = await away(user)
  p.way.cut(true)
  p.set(30 * 24 + 1)
  await lookNow(p.page)
  await p.page.getByRole('region', { name: '离线期限已到，本机已锁定' }).waitFor()
  return p
}

/** full: a disk without room; `free` makes some. Undefined where no disk can be mounted. */
export async function full(user = 'heyunzhou') {
  const disk = await smallDisk()
  if (!disk) return undefined
  const profile = join(disk, 'profile')
  await signIn(profile, user)
  const p = await startProgram(profile)
  await inside(p.page)
  const ballast = join(disk, 'ballast')
  fill(ballast)
  return { ...p, free: () => rmSync(ballast) }
}

function fill(path) {
  let size = 1 << 20
  for (const chunks = []; size >= 1024; ) {
    try {
      chunks.push(Buffer.alloc(size))
      writeFileSync(path, Buffer.alloc(size), { flag: 'a' })
    } catch {
      size = Math.floor(size / 2)
    }
  }
}

export const states = [
  { name: 'first-start', open: () => firstStart() },
  { name: 'preset', open: () => preset(JSON.stringify({ server: 'https://oa.qinglan.example', fixed: true })) },
  { name: 'preset-broken', open: () => preset('{') },
  { name: 'loading', open: () => loading() },
  { name: 'loading-early', open: () => early() },
  { name: 'session-expired', open: () => expired() },
  {
    name: 'session-renew',
    async open() {
      const p = await expired()
      await p.page.getByRole('button', { name: '重新登录' }).click()
      return p
    },
  },
  {
    name: 'revoked',
    async open() {
      const p = await revoked()
      await p.revoke()
      return p
    },
  },
  { name: 'too-old', open: () => tooOld() },
  { name: 'server-gone', open: () => gone() },
  { name: 'file-damaged', open: () => damaged() },
  { name: 'term-locked', open: () => locked() },
  {
    name: 'term-soon',
    async open() {
      const p = await away()
      p.way.cut(true)
      p.set(30 * 24 - 18)
      await syncNow(p.page)
      await p.page.getByRole('status').getByText('离线期限将到').waitFor()
      return p
    },
  },
  {
    name: 'disk-full',
    async open() {
      const p = await full()
      await p?.page.evaluate(() => (location.hash = '#/todo?tab=mine'))
      await p?.page.getByRole('textbox', { name: '新建事项' }).fill('磁盘满时写的一句')
      await p?.page.keyboard.press('Enter')
      return p
    },
  },
]
