import { expect, it } from 'vitest'
import { initial } from './initial'

it('takes the first character whole', () => {
  expect([initial('林知远'), initial('𠮷田'), initial('')]).toEqual(['林', '𠮷', ''])
})
