import { expect, test } from 'vitest'
import { troublesOf } from './gateway-config.ts'
import { targetOf } from './gateway-resolve.ts'

test.each([
  ['/harbor/items?q=1', '/harbor/items?q=1'],
  ['https://api.example.test/harbor/items?q=1#top', '/harbor/items?q=1'],
  ['HTTP://127.0.0.1:8470/a/../b//c%2f', '/a/../b//c%2f'],
  ['http://127.0.0.1:8470', '/'],
  ['http://127.0.0.1:8470?q', '/?q'],
  ['harbor/items', 'harbor/items'],
])('%s is asked about as a client would send it: %s', (url, target) => {
  expect(targetOf(url)).toBe(target)
})

const well = {
  name: 'one',
  connected: true,
  heard: null,
  version: 7,
  asOf: null,
  cutOff: null,
  notReady: null,
  draining: false,
  engine: 'node',
  addresses: [],
  key: null,
  started: null,
  holds: null,
  refused: null,
}

test.each([
  ['nothing', {}, []],
  ['a version that is newer than control’s answer', { version: 8 }, []],
  ['one behind', { version: 6 }, [expect.stringMatching('behind')]],
  ['none yet', { version: null, notReady: 'no configuration' }, ['no configuration', expect.anything()]],
  ['cut off', { cutOff: 'runs' as const }, [expect.stringMatching('refuses runs')]],
  ['stopping', { draining: true }, ['it is stopping']],
  ['a refused snapshot', { refused: { at: '', findings: [] } }, [expect.stringMatching('refused')]],
  [
    'gone, and nothing else of it counts',
    { connected: false, version: 1, draining: true },
    [expect.anything()],
  ],
])('a gateway with %s', (_, more, troubles) => {
  expect(troublesOf({ ...well, ...more }, 7)).toEqual(troubles)
})
