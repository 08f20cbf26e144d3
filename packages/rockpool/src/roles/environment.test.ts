import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import {
  readMocksUrl,
  readDrain,
  readEngine,
  readTls,
  readWorkerPlace,
  readWorkers,
  workerVariables,
} from './environment.ts'

test.each([
  [undefined, 0],
  ['', 0],
  ['10s', 10_000],
  ['5m', 300_000],
])('a gateway drains for %o: %d ms', (text, ms) => {
  expect(readDrain(text === undefined ? {} : { ROCKPOOL_DRAIN: text })).toBe(ms)
})

test.each(['10', 'soon', '6m', '-1s'])('a drain of “%s” is refused by name', (text) => {
  expect(() => readDrain({ ROCKPOOL_DRAIN: text })).toThrow(/ROCKPOOL_DRAIN/)
})

test('a gateway’s engine is one that there is, node unless it is said', () => {
  expect([undefined, '', 'node', 'splice'].map((ROCKPOOL_ENGINE) => readEngine({ ROCKPOOL_ENGINE }))).toEqual(
    ['splice', 'splice', 'node', 'splice'],
  )
  expect(() => readEngine({ ROCKPOOL_ENGINE: 'nginx' })).toThrow(/ROCKPOOL_ENGINE must be node or splice/)
})

test('a gateway’s certificate is named with its key, or not at all', () => {
  expect(readTls({})).toBeUndefined()
  const both = { ROCKPOOL_TLS_CERT: '/etc/a.crt', ROCKPOOL_TLS_KEY: '/etc/a.key' }
  expect(readTls(both)).toEqual({ cert: '/etc/a.crt', key: '/etc/a.key' })
  expect(() => readTls({ ROCKPOOL_TLS_CERT: '/etc/a.crt' })).toThrow(
    expect.objectContaining({ findings: [{ path: 'ROCKPOOL_TLS_KEY', message: 'is not set' }] }),
  )
})

test.each([
  [undefined, 1],
  ['', 1],
  ['4', 4],
  ['auto', Math.min(64, availableParallelism())],
])('workers of a gateway for %o: %d', (ROCKPOOL_WORKERS, workers) => {
  expect(readWorkers({ ROCKPOOL_WORKERS })).toBe(workers)
})

test.each(['0', '65', '-1', '1.5', 'many', '1e1'])('“%s” workers are refused by name', (ROCKPOOL_WORKERS) => {
  expect(() => readWorkers({ ROCKPOOL_WORKERS })).toThrow(
    /ROCKPOOL_WORKERS must be auto or a whole number from 1 to 64/,
  )
})

test('a worker knows its place and its folder from its parent alone', () => {
  expect(readWorkerPlace(workerVariables({ place: 2, folder: 3 }, 'token'))).toEqual({ place: 2, folder: 3 })
  expect(() => readWorkerPlace({})).toThrow(/set by the parent of workers alone/)
})

test('the origin of the mocks need not be said, and is an origin', () => {
  expect(readMocksUrl({})).toBeNull()
  expect(readMocksUrl({ ROCKPOOL_MOCKS_URL: 'http://127.0.0.1:8473' })).toBe('http://127.0.0.1:8473')
  for (const text of ['8473', 'file:///etc', 'http://127.0.0.1:8473/mocks', 'http:'])
    expect(() => readMocksUrl({ ROCKPOOL_MOCKS_URL: text })).toThrow('ROCKPOOL_MOCKS_URL must be an origin')
})
