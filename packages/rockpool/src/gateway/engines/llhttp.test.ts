import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import { readFixtures, type Fixture, type ParsedMessage } from '../../../test/support/llhttp.ts'
import {
  openClient,
  openGateway,
  recordingUpstream,
  statusOf,
  valuesOf,
  withHost,
  type Message,
  type RecordingUpstream,
} from '../../../test/support/raw-http.ts'
import { looser, stricter } from '../../../test/support/llhttp-differences.ts'
import { engines, type EngineName } from './index.ts'

/*
 * llhttp's own test messages. What it refuses, we refuse; what it accepts, we accept with the same meaning, or refuse:
 * then the table of differences says why.
 */

const requestFiles = [
  'sample',
  'invalid',
  'method',
  'uri',
  'connection',
  'content-length',
  'transfer-encoding',
  'pausing',
  'pipelining',
  'finish',
]
const responseFiles = [
  'sample',
  'invalid',
  'connection',
  'content-length',
  'transfer-encoding',
  'pausing',
  'pipelining',
  'finish',
]

type Verdict = 'same' | 'stricter' | { looser: unknown }

describe.each(Object.keys(engines) as EngineName[])('engine %s: messages of llhttp', (engine) => {
  test.each(requestFiles)('requests: %s', async (file) => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    await compare(`request/${file}`, engine, (fixture) => sendRequests(fixture, gateway.port, upstream))
  })

  test.each(responseFiles)('answers: %s', async (file) => {
    let text = ''
    const upstream = await recordingUpstream({
      answer(_, { socket }) {
        socket.end(text, 'latin1')
        return undefined
      },
    })
    const gateway = await openGateway(engine, upstream)
    await compare(`response/${file}`, engine, (fixture) => {
      text = fixture.bytes
      return sendAnswer(fixture, gateway.port)
    })
  })
})

test('the table of differences names messages that there are', () => {
  const titles = new Set(
    [
      ...requestFiles.flatMap((file) => readFixtures(`request/${file}`)),
      ...responseFiles.flatMap((file) => readFixtures(`response/${file}`)),
    ].map(({ title }) => title),
  )
  expect(
    [...Object.values(stricter), ...Object.values(looser)]
      .flatMap((entries) => Object.keys(entries))
      .filter((title) => !titles.has(title)),
  ).toEqual([])
})

async function compare(name: string, engine: EngineName, verdictOf: (fixture: Fixture) => Promise<Verdict>) {
  const explained: Record<string, string> = { ...stricter.all, ...stricter[engine] }
  const unexplained: unknown[] = []
  const stale: string[] = []
  // `skipBody` of a request: the parser was told that no body comes, which no peer can do.
  const fixtures = readFixtures(name).filter(({ skipBody, type }) => !(skipBody && type === 'request'))
  expect(fixtures.length).toBeGreaterThan(0)
  for (const fixture of fixtures) {
    const verdict = await verdictOf(fixture).catch((error: Error) => ({ looser: error.message }))
    const isExplained = Object.hasOwn(explained, fixture.title)
    const isLooser = looser[engine]?.[fixture.title] !== undefined
    if (typeof verdict === 'object') {
      if (!isLooser) unexplained.push({ [fixture.title]: verdict })
    } else if (isLooser) stale.push(fixture.title)
    // Only a lenient reader takes it.
    else if (fixture.type.includes('lenient')) continue
    else if (verdict === 'stricter' && !isExplained) unexplained.push(fixture.title)
    else if (verdict === 'same' && isExplained) stale.push(fixture.title)
  }
  expect({ unexplained, stale }).toEqual({ unexplained: [], stale: [] })
}

async function sendRequests(fixture: Fixture, port: number, upstream: RecordingUpstream): Promise<Verdict> {
  const whole = fixture.messages.filter((message) => message.whole)
  const bytes = withHost(fixture.bytes)
  const client = await openClient(
    port,
    whole.map(({ method }) => method),
  )
  upstream.clear()
  client.send(bytes)
  await client.answered(whole.length)
  if (fixture.error !== undefined) {
    // A reader of whole heads meets what is wrong at the end of the head.
    client.send('\r\n\r\n')
    // Who takes it answers it; who waits for more of it would wait for long.
    await Promise.race([client.answered(whole.length + 1), pause(200)])
    client.socket.end()
    await client.closed()
  }
  client.socket.destroy()
  // What was begun is never completed: the upstream has all that it will ever get of it.
  await until('no call under way', () => upstream.rests().length === 0)
  const reached = upstream.requests()
  const differing = reached.findIndex((request, index) => !whole[index] || !isSame(request, whole[index]))
  if (differing >= 0) return { looser: [reached[differing], whole[differing]] }
  if (reached.length < whole.length) return 'stricter'
  return 'same'
}

const ownMatter =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length|authorization|x-forwarded-.*|traceparent|tracestate)$/

function isSame(request: Message, { method, target, body, headers }: ParsedMessage): boolean {
  const named = new Set(
    headers
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((option) => option.trim().toLowerCase())),
  )
  return (
    request.start === `${method} ${target} HTTP/1.1` &&
    request.body === body &&
    headers.every(([name, value]) => {
      const lower = name.toLowerCase()
      return (
        ownMatter.test(lower) ||
        named.has(lower) ||
        valuesOf(request.headers, lower).join(', ').includes(value.trim())
      )
    })
  )
}

async function sendAnswer(fixture: Fixture, port: number): Promise<Verdict> {
  const first = fixture.messages.find(({ status }) => status === undefined || status >= 200 || status === 101)
  const codings =
    first?.headers.filter(([name]) => /^transfer-encoding$/i.test(name)).map(([, value]) => value) ?? []
  const framed =
    first?.headers.some(([name]) => /^content-length$/i.test(name)) ||
    /(^|[, ])chunked$/i.test(codings.join(', '))
  // What nothing frames ends with the connection.
  const isWhole =
    first !== undefined &&
    first.status !== undefined &&
    (first.whole || (!framed && fixture.error === undefined))
  const method = fixture.skipBody ? 'HEAD' : 'GET'
  const client = await openClient(port, [method])
  client.send(`${method} /items HTTP/1.1\r\nHost: a\r\n\r\n`)
  const [answer] = await client.answered(1)
  client.socket.destroy()
  const isRefused =
    !answer || (statusOf(answer) === 502 && valuesOf(answer.headers, 'rockpool-problem').length > 0)
  if (isRefused) return isWhole ? 'stricter' : 'same'
  if (!isWhole) return { looser: [answer, first] }
  return statusOf(answer) === first.status && answer.body === first.body
    ? 'same'
    : { looser: [answer, first] }
}
