import { expect, test } from 'vitest'
import { createActivity } from './activity.ts'

test('what is forbidden is remembered for the latest thousands, not for ever', () => {
  const activity = createActivity()
  for (let n = 0; n < 50_000; n++) activity.forbid(`box-${n}`)
  expect(activity.isForbidden('box-49999')).toBe(true)
  expect(() => activity.enter('box-49999')).toThrow('is deleted')
  const remembered = Array.from({ length: 50_000 }, (_, n) => activity.isForbidden(`box-${n}`)).filter(
    Boolean,
  )
  expect(remembered).toHaveLength(10_000)
})
