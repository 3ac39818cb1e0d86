import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, describe, expect, it } from 'vitest'
import { bridgeKey, type MyTask } from '@/bridge'
import * as data from '@/bridge/fake/data'
import { fakeBridge } from '@/bridge/fake'
import { makeI18n } from '@/i18n'
import ActDialog from './ActDialog.vue'

let w: ReturnType<typeof mount> | undefined
afterEach(() => {
  w?.unmount()
  document.body.innerHTML = ''
})

describe('退文', () => {
  it('is sent with a ground of the step and words, and not without either', async () => {
    const bridge = fakeBridge()
    const sent: unknown[][] = []
    bridge.approvals.Reject = async (...args) => {
      sent.push(args)
      return { mid: 'm', id: '' }
    }
    const page = data.page('doc-1')
    const task = { ...(page.task as MyTask), reasons: ['不属本机关职权', '报告夹带请示'] }
    w = mount(ActDialog, {
      props: { page, task, words: '', modelValue: '' },
      global: { plugins: [makeI18n(), createPinia()], provide: { [bridgeKey as symbol]: bridge } },
      attachTo: document.body,
    })
    await w.setProps({ modelValue: 'reject' })
    await flushPromises()
    const send = () => [...document.querySelectorAll<HTMLButtonElement>('button[type=submit]')].at(-1) as HTMLButtonElement
    expect(send().disabled).toBe(true)
    const radio = [...document.querySelectorAll<HTMLInputElement>('input[name=reason]')]
    expect(radio.map((r) => r.value)).toEqual(task.reasons)
    const second = radio[1] as HTMLInputElement
    second.checked = true
    second.dispatchEvent(new Event('change'))
    await flushPromises()
    expect(send().disabled).toBe(true)
    const box = document.querySelector('textarea') as HTMLTextAreaElement
    box.value = '请改为请示另报'
    box.dispatchEvent(new Event('input'))
    await flushPromises()
    expect(send().disabled).toBe(false)
    document.querySelector('#act-form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.[1]).toBe('报告夹带请示')
    expect(sent[0]?.[0]).toMatchObject({ document: page.id, task: task.id, words: '请改为请示另报', seen: page.seen })
  })
})
