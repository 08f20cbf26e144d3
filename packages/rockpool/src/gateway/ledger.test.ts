import { fork } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, until, upstream } from '../../test/support/gateway.ts'
import { Problem, silentLog, systemClock } from '../kernel/index.ts'
import { createAnswerReader } from './ledger-answer.ts'
import { openLedger, type Ledger } from './ledger.ts'
import type { LedgerEntry } from './types.ts'

const intent = {
  run: 'run_1',
  organization: 'box',
  service: 'catalog',
  method: 'POST',
  path: '/box/items',
  idempotencyKey: null,
}
const done = { status: 201, location: '/box/items/1', resource: '1', outcome: 'done' } as const

interface Control {
  /** Newest state by id. */
  entries: Map<string, LedgerEntry>
  up: boolean
}

async function open(folder: string, maxWaiting?: number): Promise<{ ledger: Ledger; control: Control }> {
  const control: Control = { entries: new Map(), up: true }
  const ledger = await openLedger({
    folder,
    ship: async (entries) => {
      if (!control.up) throw new Error('control is down')
      for (const entry of entries) control.entries.set(entry.id, entry)
    },
    clock: systemClock,
    log: silentLog,
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
  })
  onTestFinished(() => ledger.close())
  return { ledger, control }
}

async function onDisk(folder: string): Promise<LedgerEntry[]> {
  const names = (await readdir(folder)).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerEntry)
}

test('an intent is on disk before the call goes on, and gone once control has its end', async () => {
  const folder = temporaryFolder()
  const { ledger, control } = await open(folder)
  const entry = await ledger.intend(intent)
  expect(await onDisk(folder)).toEqual([entry])
  expect(entry).toMatchObject({ ...intent, outcome: 'intent', status: null })
  ledger.finish(entry, done)
  await until('shipped', () => control.entries.get(entry.id)?.outcome === 'done')
  expect(control.entries.get(entry.id)).toEqual({ ...entry, ...done })
  await until('nothing is left on disk', async () => (await readdir(folder)).length === 0)
})

test('five hundred calls at once all reach the disk and control, each once finished', async () => {
  const folder = temporaryFolder()
  const { ledger, control } = await open(folder)
  await Promise.all(
    Array.from({ length: 500 }, async () => {
      const entry = await ledger.intend(intent)
      ledger.finish(entry, done)
    }),
  )
  await until(
    'all are shipped',
    () => [...control.entries.values()].filter(({ outcome }) => outcome === 'done').length === 500,
  )
  await until('nothing is left on disk', async () => (await readdir(folder)).length === 0)
  expect(ledger.waiting()).toBe(0)
})

test('with control down entries stay on disk, and the next gateway ships them: unfinished ones as doubtful', async () => {
  const folder = temporaryFolder()
  const first = await open(folder)
  first.control.up = false
  const finished = await first.ledger.intend(intent)
  const unfinished = await first.ledger.intend(intent)
  first.ledger.finish(finished, done)
  await first.ledger.close()

  const { control } = await open(folder)
  await until('both are shipped', () => control.entries.size === 2)
  expect(control.entries.get(finished.id)).toEqual({ ...finished, ...done })
  expect(control.entries.get(unfinished.id)).toEqual({ ...unfinished, outcome: 'doubtful' })
  await until('nothing is left on disk', async () => (await readdir(folder)).length === 0)
})

test('entries are shipped as soon as control is back', async () => {
  const { ledger, control } = await open(temporaryFolder())
  control.up = false
  const entry = await ledger.intend(intent)
  expect(ledger.waiting()).toBe(1)
  control.up = true
  await until('shipped', () => control.entries.has(entry.id))
})

test('when too many wait for control, calls that create are refused', async () => {
  const { ledger, control } = await open(temporaryFolder(), 2)
  control.up = false
  await ledger.intend(intent)
  await ledger.intend(intent)
  await expect(ledger.intend(intent)).rejects.toMatchObject({ code: 'gateway_cut_off' })
})

test('a disk that refuses refuses the call', async () => {
  const folder = temporaryFolder()
  const { ledger } = await open(folder)
  // The next segment's name is taken: it cannot be made.
  await writeFile(join(folder, '00000001.ndjson'), '')
  await expect(ledger.intend(intent)).rejects.toThrow(Problem)
  // …and the one after it can.
  expect((await ledger.intend(intent)).outcome).toBe('intent')
})

test('a torn last line is passed over', async () => {
  const folder = temporaryFolder()
  const { ledger, control } = await open(folder)
  control.up = false
  const entry = await ledger.intend(intent)
  await ledger.close()
  const [name] = await readdir(folder)
  await writeFile(join(folder, name!), `${await readFile(join(folder, name!), 'utf8')}{"id":"torn`)
  const next = await open(folder)
  await until('shipped', () => next.control.entries.size === 1)
  expect(next.control.entries.get(entry.id)!.outcome).toBe('doubtful')
})

test('what became of an intent counts, also where files of gateways that are gone came out of their order', async () => {
  const folder = temporaryFolder()
  const entry = { id: 'a', ...intent, at: '2026-11-22T10:00:00.000Z' }
  const unfinished = { status: null, location: null, resource: null, outcome: 'intent' }
  await writeFile(join(folder, '00000001.ndjson'), `${JSON.stringify({ ...entry, ...done })}\n`)
  await writeFile(join(folder, '00000002.ndjson'), `${JSON.stringify({ ...entry, ...unfinished })}\n`)
  const { control } = await open(folder)
  await until('shipped', () => control.entries.size === 1)
  expect(control.entries.get('a')).toMatchObject(done)
})

test('a gateway killed while a service works leaves the intent on disk, and the next one calls it doubtful', async () => {
  const folder = temporaryFolder()
  let reached = 0
  const { url } = await upstream(() => {
    // It never answers: the gateway is killed in the middle.
    reached += 1
    child.kill('SIGKILL')
  })
  const child = fork(new URL('../../test/support/gateway-child.ts', import.meta.url), [folder, url])
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port))
    child.once('exit', () => reject(new Error('the gateway ended')))
  })
  const text = await new Promise<string>((resolve) => {
    child.once('message', (message) => resolve((message as { key: string }).key))
    child.send('key')
  })
  const headers = { authorization: `Bearer ${text}`, 'idempotency-key': 'once' }
  await expect(fetch(`http://127.0.0.1:${port}/box/items?q=1`, { method: 'POST', headers })).rejects.toThrow()
  expect(reached).toBe(1)
  const [left] = await onDisk(join(folder, 'ledger'))
  expect(left).toMatchObject({
    organization: 'box',
    service: 'catalog',
    method: 'POST',
    path: '/box/items',
    idempotencyKey: 'once',
    outcome: 'intent',
  })

  const { control } = await open(join(folder, 'ledger'))
  await until('shipped', () => control.entries.size === 1)
  expect(control.entries.get(left!.id)).toEqual({ ...left, outcome: 'doubtful' })
})

describe('reading what an answer created', () => {
  const read = (headers: string[], ...chunks: (string | Buffer)[]) => {
    const reader = createAnswerReader(headers)
    for (const chunk of chunks) reader.take?.(Buffer.from(chunk))
    return { location: reader.location, resource: reader.resource() }
  }
  const json = ['Content-Type', 'application/json; charset=utf-8']
  test.each<[string, string[], (string | Buffer)[], string | null, string | null]>([
    [
      'Location and id',
      [...json, 'LOCATION', '/items/7'],
      ['{"a":{"id":1},"i', 'd":"x7"}'],
      '/items/7',
      'x7',
    ],
    ['a number as id', json, ['{"id":42}'], null, '42'],
    ['a nested id only', json, ['{"item":{"id":1}}'], null, null],
    ['a list', json, ['[{"id":1}]'], null, null],
    ['half a body', json, ['{"id":1'], null, null],
    ['another type', ['content-type', 'text/html'], ['{"id":1}'], null, null],
    ['a problem', ['content-type', 'application/problem+json'], ['{"id":1}'], null, '1'],
    ['gzip', [...json, 'Content-Encoding', 'gzip'], [gzipSync('{"id":"z"}')], null, 'z'],
    ['brotli', [...json, 'Content-Encoding', 'br'], [brotliCompressSync('{"id":"b"}')], null, 'b'],
    [
      'a bomb',
      [...json, 'Content-Encoding', 'gzip'],
      [gzipSync(`{"id":"z","x":"${'0'.repeat(1_000_000)}"}`)],
      null,
      null,
    ],
    ['more than 64 KB', json, [`{"id":"z","x":"${'0'.repeat(70_000)}"}`], null, null],
  ])('%s', (_, headers, chunks, location, resource) => {
    expect(read(headers, ...chunks)).toEqual({ location, resource })
  })
})

test('an id that Postgres could not hold is kept as it can be, and stops no shipment', () => {
  const reader = createAnswerReader(['content-type', 'application/json'])
  reader.take!(Buffer.from(String.raw`{"id":"a\u0000b\ud800c"}`))
  expect(reader.resource()).toBe('ab\ufffdc')
})
