import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { ElDialog } from 'element-plus'
import AppDialog from './AppDialog.vue'

let w: ReturnType<typeof mount> | undefined
afterEach(() => {
  w?.unmount()
  document.body.innerHTML = ''
})

it('is closed when it begins to fade, and another one opened meanwhile stays', async () => {
  w = mount(AppDialog, {
    props: { title: '预览', modelValue: false, 'onUpdate:modelValue': (v: boolean) => void w?.setProps({ modelValue: v }) },
    attachTo: document.body,
  })
  await w.setProps({ modelValue: true })
  await flushPromises()
  const first = w.findComponent(ElDialog)
  first.vm.$emit('close') // Esc: it begins to fade
  await flushPromises()
  expect((w.props() as Record<string, unknown>).modelValue).toBe(false)
  await w.setProps({ modelValue: true }) // the next thing
  await flushPromises()
  first.vm.$emit('update:modelValue', false) // the first has faded
  await flushPromises()
  expect((w.props() as Record<string, unknown>).modelValue).toBe(true)
  expect(w.findComponent(ElDialog).vm === first.vm).toBe(false)
})
