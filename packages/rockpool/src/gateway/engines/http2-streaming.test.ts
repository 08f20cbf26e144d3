import { constants } from 'node:http2'
import { createHash, randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { live } from '../../../test/support/gateway-client.ts'
import { http2Session, listenerGatewayFor } from '../../../test/support/gateway-http2.ts'
import { readAll, until } from '../../../test/support/gateway.ts'

const block = randomBytes(64 * 1024)
const blocks = 480
const size = blocks * block.length
const sum = createHash('sha256')
for (let index = 0; index < blocks; index++) sum.update(block)
const expected = sum.digest('hex')
const head = { ':path': '/harbor/items', authorization: `Bearer ${live.text}` }

/** Reads in fits and starts, so that everything between here and the sender fills up. */
async function readSlowly(message: Readable): Promise<string> {
  const hash = createHash('sha256')
  let count = 0
  for await (const chunk of message) {
    hash.update(chunk as Buffer)
    if (++count % 40 === 0) await pause(1)
  }
  return hash.digest('hex')
}

test('30 MB to a slow reader arrive whole, and the service is held back meanwhile', async () => {
  let sent = 0
  const gateway = await listenerGatewayFor((_, response) => {
    void (async () => {
      for (let index = 0; index < blocks; index++) {
        sent += block.length
        if (!response.write(block)) await new Promise((resolve) => response.once('drain', resolve))
      }
      response.end()
    })()
  })
  const stream = http2Session(gateway).request(head)
  stream.pause()
  // Nothing is read until the service can get no further.
  let last = -1
  await until('the service is held back', async () => {
    const before = last
    last = sent
    await pause(50)
    return before === sent && sent > 0
  })
  expect(sent).toBeLessThan(size)
  expect(await readSlowly(stream)).toBe(expected)
  await until('logged', () => gateway.records.length === 1)
  expect(gateway.records[0]).toMatchObject({ bytesOut: size, aborted: null })
})

test('30 MB to a slow service arrive whole, and the client is held back meanwhile', async () => {
  let go = () => {}
  const wanted = new Promise<void>((resolve) => (go = resolve))
  const gateway = await listenerGatewayFor((request, response) => {
    void wanted.then(() => readSlowly(request)).then((digest) => response.end(digest))
  })
  const stream = http2Session(gateway).request({ ...head, ':method': 'PUT' }, { endStream: false })
  let sent = 0
  const sending = (async () => {
    for (let index = 0; index < blocks; index++) {
      if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve))
      sent += block.length
    }
    stream.end()
  })()
  let last = -1
  await until('the client is held back', async () => {
    const before = last
    last = sent
    await pause(50)
    return before === sent && sent > 0
  })
  expect(sent).toBeLessThan(size)
  go()
  await sending
  expect((await readAll(stream as never)).toString()).toBe(expected)
  await until('logged', () => gateway.records.length === 1)
  expect(gateway.records[0]).toMatchObject({ bytesIn: size, aborted: null })
})

test('one stream whose answer is not read holds back no other on its connection (RFC 9113 5.2)', async () => {
  const gateway = await listenerGatewayFor((request, response) => {
    response.end(request.headers['x-size'] === 'large' ? randomBytes(1_000_000) : 'small')
  })
  const session = http2Session(gateway)
  const held = session.request({ ...head, 'x-size': 'large' })
  held.on('error', () => {}).pause()
  await new Promise((resolve) => held.once('response', resolve))
  const other = session.request(head)
  // The client's own window of the connection is what the held one has left of it.
  session.setLocalWindowSize(2 ** 20)
  expect((await readAll(other as never)).toString()).toBe('small')
})

test('an answer of the gateway’s own that is not taken holds its place no longer than a head may', async () => {
  const gateway = await listenerGatewayFor(() => {}, { deadlineMs: 200, limits: { headMs: 300 } })
  const session = http2Session(gateway, { settings: { initialWindowSize: 0 } })
  const stream = session.request({ ...head, ':method': 'POST' }, { endStream: false })
  stream.on('error', () => {})
  await new Promise((resolve) => stream.once('close', resolve))
  expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL)
  await until('its end is told', () => gateway.records.length === 1)
  expect(gateway.records[0]).toMatchObject({ status: 504, refused: 'upstream_timeout' })
})

test('hints come before the answer (RFC 9113 8.1), and what may not be written does not', async () => {
  const gateway = await listenerGatewayFor((request, response) => {
    const hints = (...lines: string[]) => ['HTTP/1.1 103 Early Hints', ...lines, '', ''].join('\r\n')
    request.socket.write(
      hints(
        'Link: </a.css>; rel=preload',
        'Link: </b>',
        'Rockpool-Identity: forged',
        'Etag: "a"',
        'Etag: "b"',
      ),
    )
    request.socket.write(hints('Link: </c>', 'Connection: x', 'X: 1', 'HTTP2-Settings: 1'))
    response.end('done')
  })
  const stream = http2Session(gateway).request(head)
  const heard: [unknown, unknown, unknown][] = []
  stream.on('headers', (fields) =>
    heard.push([fields[':status'], fields['link'], Object.keys(fields).includes('x')]),
  )
  const body = (await readAll(stream as never)).toString()
  expect([body, heard]).toEqual([
    'done',
    [
      [103, '</a.css>; rel=preload, </b>', false],
      [103, '</c>', false],
    ],
  ])
})

test('the first bytes of an answer do not wait for the last', async () => {
  let finish: (() => void) | undefined
  const gateway = await listenerGatewayFor((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    finish = () => response.end('data: 2\n\n')
  })
  const stream = http2Session(gateway).request(head)
  const chunks = stream.setEncoding('utf8').iterator() as AsyncIterator<string>
  expect((await chunks.next()).value).toBe('data: 1\n\n')
  finish!()
  expect((await chunks.next()).value).toBe('data: 2\n\n')
  expect((await chunks.next()).done).toBe(true)
})
