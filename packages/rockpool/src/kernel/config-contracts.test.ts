import { expect, test } from 'vitest'
import { contractsSchema } from './config-contracts.ts'

test('nobody is told anything anywhere unless an origin is written', () => {
  expect(contractsSchema.parse(undefined)).toEqual({ notify: [] })
  expect(
    contractsSchema.parse({
      notify: ['https://hooks.example.com', 'https://Hooks.example.com:8443/', 'http://[::1]:9000'],
    }),
  ).toEqual({
    notify: ['https://hooks.example.com', 'https://hooks.example.com:8443', 'http://[::1]:9000'],
  })
})

test.each([
  'hooks.example.com',
  'https://hooks.example.com/contracts',
  'https://hooks.example.com?a',
  'https://user:word@hooks.example.com',
  'http://hooks.example.com',
  'http://169.254.169.254',
  'file:///',
  'https://*',
  '*',
  '',
])('%j is refused at its place, with what may stand there', (origin) => {
  const { error } = contractsSchema.safeParse({ notify: ['https://a.example.com', origin] })
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['notify', 1], expect.stringMatching(/^write an origin, such as https:\/\/hooks\.example\.com;/)],
  ])
})
