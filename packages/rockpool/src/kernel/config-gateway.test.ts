import { expect, test } from 'vitest'
import { gatewaySchema } from './config-gateway.ts'

test('a gateway is one process unless its workers are written', () => {
  expect(
    [undefined, {}, { workers: 'auto' }, { workers: 64 }].map((one) => gatewaySchema.parse(one).workers),
  ).toEqual([1, 1, 'auto', 64])
})

test.each([0, 65, 1.5, '2', 'all'])('workers: %o is refused, with what may stand there', (workers) => {
  const { error } = gatewaySchema.safeParse({ workers })
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['workers'], "write 'auto' or a whole number from 1 to 64"],
  ])
})

test('connections and the time without control are the gateway’s own unless they are written', () => {
  const written = { limits: { connectionsPerClient: 5_000 }, withoutControl: '3d' }
  expect(gatewaySchema.parse(written)).toMatchObject(written)
  expect(gatewaySchema.parse(undefined)).toEqual({ engine: 'splice', workers: 1 })
})

test.each([
  [{ limits: { connections: 0 } }, ['limits', 'connections']],
  [{ limits: { connectionsPerClient: 1.5 } }, ['limits', 'connectionsPerClient']],
  [{ withoutControl: '9s' }, ['withoutControl']],
  [{ withoutControl: '31d' }, ['withoutControl']],
])('%j is refused at its place', (gateway, path) => {
  expect(gatewaySchema.safeParse(gateway).error?.issues.map((issue) => issue.path)).toEqual([path])
})
