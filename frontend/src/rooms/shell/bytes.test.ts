import { expect, it } from 'vitest'
import { bytes } from './bytes'

it('says sizes in the unit that fits', () => {
  expect([0, 999, 1000, 8_400_000, 123_400_000, 2_500_000_000, -1].map(bytes)).toEqual(['0 B', '999 B', '1.0 KB', '8.4 MB', '123 MB', '2.5 GB', '0 B'])
})
