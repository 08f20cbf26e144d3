import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { call, ways, type CallParts, type Way } from '../../../test/support/engine-calls.ts'
import { bearer, echo, live } from '../../../test/support/gateway-client.ts'
import { readAll, until } from '../../../test/support/gateway.ts'
import { rawClient, statusOf } from '../../../test/support/raw-http.ts'
import { boxKey, heldGateway, type HeldOptions } from '../../../test/support/held-contract.ts'

const asJson = ['Content-Type', 'application/json']
const asForm = ['Content-Type', 'application/x-www-form-urlencoded']
const good = { sku: 'a', quantity: 2 }

interface Told {
  code: string
  detail: string
  findings: { path: string; message: string }[]
}
/** What the echo saw. */
interface Seen {
  method: string
  url: string
  body: string
  raw: string[]
}

describe.each(Object.keys(ways) as Way[])('%s: requests are held against the contract', (way) => {
  async function gatewayOf(options: Partial<HeldOptions> = {}) {
    let calls = 0
    const listener: HeldOptions['listener'] = (request, response) => {
      calls += 1
      echo(request, response)
    }
    const gateway = await heldGateway({ engine: way, listener, ...options })
    const ask = async (parts: CallParts & { key?: { text: string } }) => {
      const { key = live, headers = [], ...rest } = parts
      const got = await call(way, gateway.port, {
        path: '/harbor/orders',
        ...rest,
        headers: [...bearer(key), ...headers],
      })
      return { ...got, ...(got.body === '' ? {} : { told: JSON.parse(got.body) as Told & Seen }) }
    }
    const post = (body: string | object, headers: readonly string[] = asJson, more: CallParts = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return ask({
        method: 'POST',
        body: [text],
        length: Buffer.byteLength(text, 'latin1'),
        headers,
        ...more,
      })
    }
    return { ...gateway, ask, post, calls: () => calls }
  }
  const findingsOf = ({ told }: { told?: Told }) =>
    told?.findings.map(({ path, message }) => `${path} | ${message}`)

  test('what keeps to it goes on, byte for byte', async () => {
    const { ask, post } = await gatewayOf()
    const text = ' {"quantity": 2.0, "sku":"a", "weight": 1.00000000000000000001 } '
    const { status, told } = await post(text)
    expect([status, told!.method, told!.body]).toEqual([200, 'POST', text])
    // Without a length: in chunks, or in frames.
    const chunked = await ask({ method: 'POST', headers: asJson, body: ['{"sku":"a",', '"quantity":1}'] })
    expect([chunked.status, chunked.told!.body]).toEqual([200, '{"sku":"a","quantity":1}'])
    const read = await ask({
      path: '/harbor/orders?limit=5&more=1',
      headers: ['X-Depth', '3', 'Cookie', 'theme=dark'],
    })
    expect([read.status, read.told!.url]).toEqual([200, '/harbor/orders?limit=5&more=1'])
  })

  test('all that is wrong is told in one answer, and the service hears nothing of it', async () => {
    const { post, ask, calls, records } = await gatewayOf()
    const missing = await post({ gift: 'yes', lines: [{}] })
    expect([missing.status, missing.told!.code, missing.header('rockpool-problem')]).toEqual([
      422,
      'invalid_input',
      'invalid_input',
    ])
    expect(missing.told!.detail).toContain('orders (createOrder)')
    expect(findingsOf(missing)).toEqual([
      'body | the body: must have sku, quantity (NewOrder)',
      'body /gift | /gift: must be true or false',
      'body /lines/0 | /lines/0: must have at',
    ])
    const parameters = await ask({
      path: '/harbor/orders?limit=0',
      headers: ['X-Depth', 'deep', 'Cookie', 'theme=blue'],
    })
    expect(parameters.told!.findings.map(({ path }) => path)).toEqual([
      'query limit',
      'header X-Depth',
      'cookie theme',
    ])
    const both = await post(good, asJson, {
      method: 'PUT',
      path: '/harbor/orders/first',
      body: ['{}'],
      length: 2,
    })
    expect(both.told!.findings.map(({ path }) => path)).toEqual(['path number', 'body'])
    expect(calls()).toBe(0)
    await until('logged', () => records.length === 3)
    expect(records[0]).toMatchObject({
      status: 422,
      refused: 'invalid_input',
      contract: { findings: 3, first: 'body' },
    })
  })

  test('a body that must be there and is not is told, and one that need not be is not missed', async () => {
    const { ask } = await gatewayOf()
    const none = await ask({ method: 'POST' })
    expect(findingsOf(none)).toEqual(['body | a body is required: send application/json'])
    expect((await ask({ method: 'POST', length: 0 })).status).toBe(422)
    expect((await ask({ method: 'PUT', path: '/harbor/orders/1' })).status).toBe(200)
    expect((await ask({ method: 'DELETE' })).status).toBe(200)
    // Where none is declared, nobody looks at what comes.
    expect((await ask({ method: 'DELETE', body: ['{'], length: 1 })).told!.body).toBe('{')
  })

  test('HEAD is held against what GET takes', async () => {
    const { ask, calls } = await gatewayOf()
    expect((await ask({ method: 'HEAD', path: '/harbor/orders?limit=5' })).status).toBe(200)
    expect((await ask({ method: 'HEAD', path: '/harbor/orders?limit=x' })).status).toBe(422)
    expect(calls()).toBe(1)
  })

  test('a body that is too large is refused with the reason, with and without a length', async () => {
    const { post, ask, calls } = await gatewayOf()
    const large = JSON.stringify({ ...good, more: 'x'.repeat(1024 * 1024) })
    for (const got of [await post(large), await ask({ method: 'POST', headers: asJson, body: [large] })]) {
      expect([got.status, got.told!.code]).toEqual([413, 'body_too_large'])
      expect(got.told!.detail).toContain('held against the contract')
    }
    const bounded = await gatewayOf({ route: { maxBodyBytes: 1_000 } })
    const body = JSON.stringify({ more: 'x'.repeat(1_000) })
    expect((await bounded.ask({ method: 'POST', headers: asJson, body: [body] })).status).toBe(413)
    expect(calls() + bounded.calls()).toBe(0)
  })

  test('bytes that nobody looks into are not held up, however many they are', async () => {
    const { post } = await gatewayOf()
    const bytes = 'x'.repeat(2 * 1024 * 1024)
    const { status, told } = await post(bytes, ['Content-Type', 'image/png'], { path: '/harbor/files' })
    expect([status, told!.body.length]).toEqual([200, bytes.length])
  })

  test('who may not call is told that, and nothing of the contract', async () => {
    const { post, ask } = await gatewayOf()
    expect((await post({}, asJson, { path: '/box/orders' })).status).toBe(403)
    expect(
      (await ask({ method: 'POST', body: ['{}'], length: 2, headers: asJson, key: { text: 'none' } })).status,
    ).toBe(401)
  })

  test('a body in a coding is looked into, and goes on as it came', async () => {
    const heard: { body: string; coding: string | undefined }[] = []
    const { post } = await gatewayOf({
      listener: (request, response) =>
        void readAll(request).then((body) => {
          heard.push({ body: body.toString('latin1'), coding: request.headers['content-encoding'] })
          response.end()
        }),
    })
    const zip = (value: object) => gzipSync(JSON.stringify(value)).toString('latin1')
    const headers = [...asJson, 'Content-Encoding', 'gzip']
    expect((await post(zip(good), headers)).status).toBe(200)
    expect(heard).toEqual([{ body: zip(good), coding: 'gzip' }])
    expect(findingsOf(await post(zip({ sku: 'a' }), headers))).toEqual([
      'body | the body: must have quantity (NewOrder)',
    ])
    // What is none, and what is far more than it seems.
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, ' ')).toString('latin1')
    for (const text of ['no gzip at all', bomb]) {
      const { status, told } = await post(text, headers)
      expect([status, told!.findings[0]!.message]).toEqual([422, expect.stringContaining('cannot be undone')])
    }
    expect(heard).toHaveLength(1)
  })

  test('what a client took for a form and is JSON is refused with advice to name JSON', async () => {
    const { post } = await gatewayOf()
    const { status, told } = await post(good, asForm)
    expect(status).toBe(422)
    expect(told!.findings[0]!.message).toContain('send JSON with Content-Type: application/json')
    const shaped = await gatewayOf({ route: { shapes: ['form'] } })
    const refused = await shaped.post(good, asForm)
    expect(refused.status).toBe(415)
    expect(refused.told!.detail).toContain('Content-Type: application/json')
  })

  test('a form goes on as JSON with the types of the contract, where the operation has that shape', async () => {
    const { post, ask } = await gatewayOf({ route: { shapes: ['form'] } })
    const form = 'sku=007&quantity=3&gift=YES&speed=FAST&tags=a&tags=b&lines[0][at]=1&lines[1][at]=2'
    const { status, told } = await post(form, asForm)
    expect([status, JSON.parse(told!.body)]).toEqual([
      200,
      {
        sku: '007',
        quantity: 3,
        gift: true,
        speed: 'fast',
        tags: ['a', 'b'],
        lines: [{ at: 1 }, { at: 2 }],
      },
    ])
    const at = told!.raw.findIndex((text) => /^content-type$/i.test(text))
    expect(told!.raw[at + 1]).toBe('application/json')
    const wrong = await post('sku=1&quantity=many&lines[5000][at]=1', asForm)
    expect(wrong.status).toBe(422)
    expect(findingsOf(wrong)!.join()).toContain('has an index above 1000')
    expect(findingsOf(await post('quantity=0', asForm))).toEqual([
      'body | the body: must have sku (NewOrder)',
      'body /quantity | /quantity: must be at least 1',
    ])
    // A form that the contract declares goes on as it came.
    const declared = await post(form, asForm, { path: '/harbor/files' })
    expect([declared.status, declared.told!.body]).toEqual([200, form])
    expect((await post('sku=1', asForm, { path: '/harbor/files' })).status).toBe(422)
    expect((await ask({ method: 'POST', headers: asForm, body: ['sku=1', '&quantity=1'] })).told!.body).toBe(
      '{"sku":"1","quantity":1}',
    )
  })

  test('a body in several parts is judged, and goes on as it came', async () => {
    const { post } = await gatewayOf()
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const headers = ['Content-Type', 'multipart/form-data; boundary=b']
    const text = `${part('sku', 'a')}${part('quantity', '2')}--b--\r\n`
    const { status, told } = await post(text, headers, { path: '/harbor/files' })
    expect([status, told!.body]).toEqual([200, text])
    expect((await post(`${part('sku', 'a')}--b--\r\n`, headers, { path: '/harbor/files' })).status).toBe(422)
  })

  test('bytes without a type of their own that are JSON are JSON where the operation has that shape', async () => {
    const { post } = await gatewayOf({ route: { shapes: ['octet-stream'] } })
    const octets = ['Content-Type', 'application/octet-stream']
    const { status, told } = await post(good, octets)
    expect([status, told!.raw.includes('application/json')]).toEqual([200, true])
    expect((await post({ sku: 1 }, octets)).status).toBe(422)
  })

  test('a request in an envelope is judged as the one that it is', async () => {
    const { post, calls } = await gatewayOf({ route: { shapes: ['envelope', 'method'] } })
    const path = '/harbor/orders?envelope=request'
    const wrong = await post({ method: 'POST', body: {} }, asJson, { path })
    expect([wrong.status, findingsOf(wrong)]).toEqual([
      422,
      ['body | the body: must have sku, quantity (NewOrder)'],
    ])
    expect((await post({ method: 'POST', body: good }, asJson, { path })).status).toBe(200)
    expect((await post({ method: 'GET' }, asJson, { path: `${path}&limit=x` })).status).toBe(422)
    expect(calls()).toBe(1)
  })

  describe('values of JSON that are of other types', () => {
    const loose = { sku: 5, quantity: '2', gift: 'on', speed: 'FAST', tags: 'a', lines: null }

    test('are faults', async () => {
      const { post } = await gatewayOf()
      expect((await post(loose)).told!.findings.length).toBeGreaterThan(4)
    })

    test('are given those of the contract where that is configured', async () => {
      const { post } = await gatewayOf({ validation: { coerce: true } })
      const { status, told } = await post(loose)
      expect([status, JSON.parse(told!.body)]).toEqual([
        200,
        { sku: '5', quantity: 2, gift: true, speed: 'fast', tags: ['a'] },
      ])
      const { raw, body } = told!
      const at = raw.findIndex((text) => /^content-length$/i.test(text))
      expect(raw[at + 1]).toBe(String(body.length))
      // What need not be changed is not touched.
      const text = '{"sku":"a" , "quantity":2, "weight": 1.00000000000000000001}'
      expect((await post(text)).told!.body).toBe(text)
    })
  })

  describe('where it is only reported', () => {
    const report = { validation: { requests: 'report' } } as const

    test('everything goes through as it came, and what is wrong is counted and in the log', async () => {
      const { post, ask, contractCounts, records } = await gatewayOf(report)
      const { status, told } = await post('{"sku":1}')
      expect([status, told!.body]).toEqual([200, '{"sku":1}'])
      expect((await ask({ path: '/harbor/orders?limit=0' })).status).toBe(200)
      await until('logged', () => records.length === 2)
      expect(records[0]).toMatchObject({
        status: 200,
        refused: null,
        contract: { findings: 2, first: 'body' },
      })
      expect(records[1]!.contract).toEqual({ findings: 1, first: 'query limit' })
      expect(contractCounts.values()).toEqual([
        { service: 'orders', operation: 'createOrder', findings: 2, drift: 0, dropped: 0 },
        { service: 'orders', operation: 'listOrders', findings: 1, drift: 0, dropped: 0 },
      ])
    })

    test('nothing is held up: what does not say its length, or is large, is not looked into', async () => {
      const { post, ask, contractCounts } = await gatewayOf(report)
      expect((await ask({ method: 'POST', headers: asJson, body: ['{}'] })).status).toBe(200)
      expect((await post(JSON.stringify({ more: 'x'.repeat(1024 * 1024) }))).status).toBe(200)
      expect(contractCounts.values()).toEqual([])
    })

    test('a form becomes JSON as it did before, with texts', async () => {
      const { post, contractCounts } = await gatewayOf({ ...report, route: { shapes: ['form'] } })
      expect((await post('quantity=2', asForm)).told!.body).toBe('{"quantity":"2"}')
      expect(contractCounts.values()).toMatchObject([{ findings: 1 }])
      expect((await post('sku=a&quantity=2', asForm)).told!.body).toBe('{"sku":"a","quantity":"2"}')
      expect(contractCounts.values()).toMatchObject([{ findings: 1 }])
    })
  })

  test('where nothing is judged of an operation, everything goes through', async () => {
    const { post, contractCounts } = await gatewayOf({ validation: { requests: 'off', responses: 0.5 } })
    expect((await post('{')).status).toBe(200)
    expect(contractCounts.values()).toEqual([])
  })

  test('of a run and in a sandbox a refusal stands in the ledger as one, and frees its place', async () => {
    const gateway = await gatewayOf({ concurrency: 1 })
    const path = '/box/orders'
    const ask = (body: object) => {
      const text = JSON.stringify(body)
      return gateway.ask({
        method: 'POST',
        path,
        key: boxKey,
        headers: asJson,
        body: [text],
        length: text.length,
      })
    }
    expect((await ask({})).status).toBe(422)
    expect((await gateway.ask({ method: 'DELETE', path: '/box/orders', key: boxKey })).status).toBe(200)
    expect((await ask(good)).status).toBe(200)
    await until('recorded', () => gateway.shipped.filter(({ outcome }) => outcome === 'done').length === 3)
    const statuses = gateway.shipped.flatMap(({ outcome, method, status }) =>
      outcome === 'done' ? [`${method} ${status}`] : [],
    )
    expect(statuses.toSorted()).toEqual(['DELETE 200', 'POST 200', 'POST 422'])
  })

  test('a client that breaks off in its body leaves nothing under way', async () => {
    let opened = 0
    const onUsed = () => void (opened += 1)
    const { ask, port, records, calls, post } = await gatewayOf({ gateway: { onUsed } })
    await call(way, port, {
      method: 'POST',
      path: '/harbor/orders',
      headers: [...bearer(live), ...asJson],
      body: ['{"sku":'],
      length: 100,
      breaksOff: () => opened > 0,
    })
    await until('told', () => records.length === 1)
    expect([records[0]!.aborted, records[0]!.status, calls()]).toEqual(['client', null, 0])
    expect((await ask({})).status).toBe(200)
    expect((await post(good)).status).toBe(200)
  })

  test('a client that does not go on with its body is told so', async () => {
    const { port, calls } = await gatewayOf({ limits: { bodyIdleMs: 100 } })
    const got = await call(way, port, {
      method: 'POST',
      path: '/harbor/orders',
      headers: [...bearer(live), ...asJson],
      body: ['{"sku":'],
      length: 100,
    })
    expect([got.status, calls()]).toEqual([408, 0])
  })
})

describe.each(['node', 'splice'] as const)('%s: as HTTP/1.1 has it', (engine) => {
  const head = (...lines: string[]) =>
    [
      'POST /harbor/orders HTTP/1.1',
      'Host: a',
      bearer(live).join(': '),
      asJson.join(': '),
      ...lines,
      '',
      '',
    ].join('\r\n')
  const text = JSON.stringify(good)

  test('a body is asked for before it is judged (Expect: 100-continue)', async () => {
    const { port } = await heldGateway({ engine, listener: echo })
    const client = await rawClient(port)
    client.send(head('Expect: 100-continue', `Content-Length: ${text.length}`))
    await until('asked for', () => client.bytes().startsWith('HTTP/1.1 100 Continue\r\n'))
    client.send(text)
    const [answer] = await client.answered(1)
    expect([statusOf(answer!), JSON.parse(answer!.body)]).toEqual([
      200,
      expect.objectContaining({ body: text }),
    ])
  })

  test('trailers behind chunks are read, and the body is whole without them', async () => {
    const { port } = await heldGateway({ engine, listener: echo })
    const client = await rawClient(port)
    client.send(head('Transfer-Encoding: chunked', 'Trailer: X-Sum'))
    client.send(`${text.length.toString(16)}\r\n${text}\r\n0\r\nX-Sum: 1\r\n\r\n`)
    const [answer] = await client.answered(1)
    expect([statusOf(answer!), JSON.parse(answer!.body)]).toEqual([
      200,
      expect.objectContaining({ body: text }),
    ])
  })

  test('calls that come at once on one connection are judged each for itself, in their order', async () => {
    const { port } = await heldGateway({ engine, listener: echo })
    const client = await rawClient(port, ['POST', 'POST', 'GET', 'POST'])
    const one = (body: string) => `${head(`Content-Length: ${body.length}`)}${body}`
    const get = `GET /harbor/orders?limit=0 HTTP/1.1\r\nHost: a\r\n${bearer(live).join(': ')}\r\n\r\n`
    client.send(one(text) + one('{}') + get + one(text))
    expect((await client.answered(4)).map(statusOf)).toEqual([200, 422, 422, 200])
  })

  test('a service that breaks off has had the body, and is not asked again', async () => {
    let calls = 0
    const { port } = await heldGateway({
      engine,
      listener(request) {
        calls += 1
        request.socket.destroy()
      },
    })
    const client = await rawClient(port)
    client.send(`${head(`Content-Length: ${text.length}`)}${text}`)
    const [answer] = await client.answered(1)
    expect([statusOf(answer!), calls]).toEqual([502, 1])
  })
})
