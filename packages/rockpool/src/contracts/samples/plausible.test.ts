import { expect, test } from 'vitest'
import type { Json, Schema } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createSampler } from './index.ts'

const contract = { schemas: new Map() }

function valueOf(schema: Schema, key = 'k'): Json {
  const sampler = createSampler(contract, { validator: createValidator(contract) })
  const sample = sampler.sample(schema, { key, direction: 'response' })
  if (!sample.ok) throw new Error(sample.reason)
  return sample.value
}

const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`)
const member = (name: string, schema: Schema, key: string): Json =>
  (valueOf({ type: 'object', properties: { [name]: schema } }, key) as Record<string, Json>)[name]!

const texts: Record<string, RegExp> = {
  email: /^[a-z]+\.[a-z]+@example\.com$/,
  first_name: /^[A-Z][a-z]+$/,
  lastName: /^[A-Z][a-z]+$/,
  customerName: /^[A-Z][a-z]+ [A-Z][a-z]+$/,
  city: /^[A-Z]/,
  country: /^[A-Z]{2}$/,
  currency: /^[A-Z]{3}$/,
  phone_number: /^\+1555010\d{4}$/,
  websiteUrl: /^https:\/\/\w+\.example\.com\//,
  ip: /^192\.0\.2\.\d+$/,
  slug: /^[a-z]+-[a-z]+$/,
  customer_id: /^cust_[a-z0-9]{12}$/,
  id: /^[a-z0-9]{12}$/,
  created_at: /^202[45]-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  birthday: /^202[45]-\d\d-\d\d$/,
  price: /^\d+\.\d\d$/,
  status: /^(?:active|pending|open|completed)$/,
  description: /^The .* is near the .*\.$/,
  postal_code: /\d/,
  street: /^\d+ /,
}

for (const [name, pattern] of Object.entries(texts))
  test(`a text called ${name} looks like one`, () => {
    for (const key of keys) expect(member(name, { type: 'string' }, key)).toMatch(pattern)
  })

test('items of a list are called what the list is called', () => {
  const list = valueOf({
    type: 'object',
    properties: { emails: { type: 'array', items: { type: 'string' }, minItems: 2 } },
  }) as { emails: string[] }
  for (const email of list.emails) expect(email).toContain('@example.com')
})

const numbers: Record<string, [Schema, number, number]> = {
  quantity: [{ type: 'integer' }, 1, 10],
  price: [{ type: 'number' }, 5, 500],
  latitude: [{ type: 'number' }, -60, 60],
  age: [{ type: 'integer' }, 18, 80],
  created: [{ type: 'integer' }, Date.UTC(2024, 0, 1) / 1000, Date.UTC(2026, 6, 1) / 1000],
  rating: [{ type: 'integer', minimum: 2 }, 2, 5],
  amount: [{ type: 'integer', minimum: 100_000 }, 100_000, 101_000],
}

for (const [name, [schema, least, most]] of Object.entries(numbers))
  test(`a number called ${name} is of its size`, () => {
    for (const key of keys) {
      const value = member(name, schema, key) as number
      expect(value).toBeGreaterThanOrEqual(least)
      expect(value).toBeLessThanOrEqual(most)
      expect(Number(value.toFixed(2))).toBe(value)
    }
  })

test('members of one object belong together', () => {
  const names = ['city', 'country', 'first_name', 'email', 'created_at', 'expires_at']
  const properties = Object.fromEntries(names.map((name): [string, Schema] => [name, { type: 'string' }]))
  for (const key of keys) {
    const person = valueOf({ type: 'object', properties }, key) as Record<string, string>
    expect(person['email']).toContain(person['first_name']!.toLowerCase())
    expect(person['created_at']! < person['expires_at']!).toBe(true)
    if (person['city'] === 'Berlin') expect(person['country']).toBe('DE')
  }
})

test('a name gives way to what the schema allows', () => {
  for (const key of keys) {
    expect(member('country', { type: 'string', minLength: 3, maxLength: 3 }, key)).toMatch(/^[A-Z]{3}$/)
    expect(member('currency', { type: 'string', pattern: '^[a-z]{3}$' }, key)).toMatch(/^[a-z]{3}$/)
    expect(member('email', { type: 'string', maxLength: 8 }, key)).toBe('a@b.co')
    expect(member('city', { type: 'string', minLength: 40, maxLength: 45 }, key)).toMatch(/^.{40,45}$/)
    expect(member('city', { type: 'string', maxLength: 2 }, key)).toMatch(/^.{2}$/)
  }
})

const formats: [string, number][] = [
  ['date-time', 29],
  ['date', 10],
  ['time', 12],
  ['duration', 5],
  ['email', 90],
  ['hostname', 100],
  ['ipv4', 7],
  ['ipv6', 10],
  ['uri', 80],
  ['uri-reference', 30],
  ['uuid', 36],
  ['json-pointer', 20],
  ['regex', 20],
  ['byte', 40],
]

for (const [format, length] of formats)
  test(`a text of the format ${format} is one, and as long as it must be`, () => {
    for (const key of keys) {
      const value = valueOf({ type: 'string', format }, key) as string
      expect(value.length).toBeGreaterThan(0)
      const long = valueOf({ type: 'string', format, minLength: Math.min(length, value.length + 20) }, key)
      expect((long as string).length).toBeGreaterThanOrEqual(Math.min(length, value.length + 20))
    }
  })
