import { expect, test } from 'vitest'
import { splitFindings } from './findings.ts'

const refusal = (...findings: [path: string, message: string][]) => ({
  findings: findings.map(([path, message]) => ({ path, message })),
})
const split = (error: ReturnType<typeof refusal> | null, ...places: string[]) => {
  const { ofFields, rest } = splitFindings(error, places)
  return { fields: Object.fromEntries(ofFields), rest: rest?.map(({ path }) => path) ?? null }
}

test('a finding is said at its field, and nowhere else', () => {
  const error = refusal(['email', 'is no address'], ['body.role', 'is none'], ['email', 'is too long'])
  expect(split(error, 'email', 'role')).toEqual({
    fields: { email: 'is no address; is too long', role: 'is none' },
    rest: null,
  })
})

test('what no field has is left for the head', () => {
  const error = refusal(['email', 'is no address'], ['params.organization', 'is missing'])
  expect(split(error, 'email')).toEqual({ fields: { email: 'is no address' }, rest: ['params.organization'] })
  expect(split(error)).toEqual({ fields: {}, rest: ['email', 'params.organization'] })
})

test('a refusal without findings is about the whole form, and no refusal says nothing', () => {
  expect(split(refusal(), 'email')).toEqual({ fields: {}, rest: [] })
  expect(split(null, 'email')).toEqual({ fields: {}, rest: null })
})
