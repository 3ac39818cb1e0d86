import { describe, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { useChosen } from './useChosen'

describe('choosing of a list', () => {
  it('ticks, ticks all, and forgets what is gone', async () => {
    const rows = ref([{ id: 'a' }, { id: 'b' }])
    const { chosen, toggle, all } = useChosen(rows, (r) => r.id)
    toggle('a')
    expect([...chosen]).toEqual(['a'])
    all()
    expect(chosen.size).toBe(2)
    rows.value = [{ id: 'b' }, { id: 'c' }]
    await nextTick()
    expect([...chosen]).toEqual(['b'])
    all()
    all()
    expect(chosen.size).toBe(0)
  })
})
