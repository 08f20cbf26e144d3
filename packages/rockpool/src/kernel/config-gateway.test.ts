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
