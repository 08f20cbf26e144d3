import { actors } from '@rockpool/sdk/wire'
import { expect, test } from 'vitest'
import { telemetrySchema } from './config-telemetry.ts'

const endpoint = 'http://127.0.0.1:4318'
const wrongs = (input: unknown) =>
  telemetrySchema
    .safeParse(input)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

test('rules say whom they are for, and null stands for everybody', () => {
  expect(telemetrySchema.parse({ endpoint, traces: [{ actor: 'check', share: 1 }, { share: 0.1 }] })).toEqual(
    {
      endpoint,
      traces: [
        { environment: null, actor: 'check', service: null, share: 1 },
        { environment: null, actor: null, service: null, share: 0.1 },
      ],
    },
  )
  expect(telemetrySchema.parse(undefined)).toBeUndefined()
})

test('a rule may be for whoever can act', () => {
  for (const actor of actors) expect(wrongs({ endpoint, traces: [{ actor, share: 1 }] })).toEqual([])
})

test('what is wrong is told by field, and secrets have no place in it', () => {
  const refused = [
    'traces.0.share: write a number from 0 to 1',
    expect.stringMatching(/^traces\.0\.actor: write one of customer, /),
  ]
  expect(wrongs({ endpoint, traces: [{ actor: 'me', share: 2 }] })).toEqual(expect.arrayContaining(refused))
  for (const address of ['http://user:s3cret@127.0.0.1:4318', 'http://127.0.0.1:4318/?key=s3cret']) {
    const [told = ''] = wrongs({ endpoint: address })
    expect(told).toMatch(/OTEL_EXPORTER_OTLP_HEADERS/)
    expect(told).not.toContain('s3cret')
  }
  expect(wrongs({ endpoint: 'collector:4318' })[0]).toMatch(/write the address of a collector/)
})
