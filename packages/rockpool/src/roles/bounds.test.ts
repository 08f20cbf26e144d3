import { expect, test } from 'vitest'
import { boundsVariables, readBounds } from './bounds.ts'

test('what is configured is what the gateway’s process reads', () => {
  const variables = boundsVariables({
    limits: { connections: 50_000, connectionsPerClient: 20_000 },
    withoutControl: '3d',
  })
  expect(readBounds(variables)).toEqual({
    limits: { maxConnections: 50_000, maxConnectionsPerClient: 20_000 },
    cutOff: { keyMs: 3 * 86_400_000 },
  })
  expect(readBounds({ ROCKPOOL_CONNECTIONS: '1000000', ROCKPOOL_WITHOUT_CONTROL: '30d' })).toEqual({
    limits: { maxConnections: 1_000_000 },
    cutOff: { keyMs: 30 * 86_400_000 },
  })
  expect(boundsVariables({})).toEqual({})
  expect(readBounds({})).toEqual({ limits: {}, cutOff: {} })
})

test.each([
  ['ROCKPOOL_CONNECTIONS', '0'],
  ['ROCKPOOL_CONNECTIONS_PER_CLIENT', 'many'],
  ['ROCKPOOL_WITHOUT_CONTROL', '9s'],
  ['ROCKPOOL_WITHOUT_CONTROL', 'ever'],
  ['ROCKPOOL_WITHOUT_CONTROL', '31d'],
  ['ROCKPOOL_CONNECTIONS', '1000001'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readBounds({ [name]: value })).toThrow(name)
})
