import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp, defineComponent, h } from 'vue'
import { describe, expect, it } from 'vitest'
import type { SyncEvent, SyncLine } from '@/bridge'
import { makeI18n } from '@/i18n'
import zh from '@/i18n/zh-CN.history'
import { merged, useHappened } from './happened'

const event = (x: Partial<SyncEvent>): SyncEvent => ({ at: 1, what: 'repair', why: 'mended', of: 'unit', name: '秘书一科', lane: 1, rows: 3, ...x })
const line = (at: number): SyncLine => ({ at, sent: 0, came: 0, refused: 0, repairs: 0, error: '', count: 1 })

function words() {
  let it: ReturnType<typeof useHappened> | undefined
  const app = createApp(defineComponent({ setup: () => ((it = useHappened()), () => h('div')) }))
  app.use(makeI18n())
  app.mount(document.createElement('div'))
  return it as ReturnType<typeof useHappened>
}

describe('the replication history', () => {
  it('has syncs and what happened in them, by time', () => {
    expect(merged([line(5), line(2)], [event({ at: 5 }), event({ at: 3 })]).map((r) => [r.at, !!r.event])).toEqual([[5, true], [5, false], [3, true], [2, false]])
  })
  it('says in words what happened, where and why', () => {
    const { what, why } = words()
    expect([what(event({})), why(event({}))]).toEqual(['修复', '“秘书一科”的列表有 3 条与服务器不一致，已逐条修复。'])
    expect(why(event({ what: 'reset', why: 'history', of: 'me', name: '', lane: 0 }))).toBe('服务器恢复过备份，本人的待办和审批已从头重读。')
  })
  it('says at least what it was of something it does not know', () => {
    const { what, why } = words()
    expect([what(event({ what: 'x', why: '' })), why(event({ what: 'fork', why: '' }))]).toEqual(['其他', '换设备编号'])
  })
  it('has a sentence for every reason that Go gives', () => {
    const go = readFileSync(join(import.meta.dirname, '../../../../app/internal/bridge/sync.go'), 'utf8')
    const table = /var whys = map\[string\]string\{([\s\S]*?)\n\}/.exec(go)?.[1] ?? ''
    const codes = [...table.matchAll(/: "(\w+)"/g)].map((m) => m[1] ?? '')
    expect(codes.length).toBeGreaterThan(15)
    expect([...codes, 'history_all'].filter((c) => !(c in zh.happened.why))).toEqual([])
  })
})
