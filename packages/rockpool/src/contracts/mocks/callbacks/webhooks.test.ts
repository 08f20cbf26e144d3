import { expect, describe, test } from 'vitest'
import { isEvent, startCalling, startReceiver } from '../../../../test/support/mock-callbacks.ts'
import type { Json } from '../../types.ts'

const problemOf = async (answer: Response) => ({
  status: answer.status,
  ...((await answer.json()) as {
    code: string
    detail: string
    findings?: { path: string; message: string }[]
  }),
})

describe('a webhook', () => {
  test('is sent to whom is named, and what came is answered', async () => {
    const { origin, received } = await startReceiver(
      (_, response) => void response.writeHead(201, { 'X-Seen': 'yes' }).end('thanks'),
    )
    const { webhook, told } = await startCalling([origin])
    const answer = await webhook('job%20ended', { url: `${origin}/hook` })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        operation: null,
        name: 'job ended',
        method: 'POST',
        url: `${origin}/hook`,
        status: 201,
        declared: true,
        reason: null,
        answer: { headers: expect.objectContaining({ 'x-seen': 'yes' }) as object, body: 'thanks' },
      },
    ])
    const put = await webhook('job%20ended', { url: origin, method: 'PUT' })
    expect(await put.json()).toMatchObject({ method: 'PUT', status: 201, declared: false })
    expect(isEvent('event', JSON.parse(received[0]!.body) as Json)).toBe(true)
    expect(received.map(({ method }) => method)).toEqual(['POST', 'PUT'])
    expect(told).toHaveLength(2)
  })

  test('that there is not names those that there are', async () => {
    const { webhook } = await startCalling([])
    const { status, code, detail } = await problemOf(await webhook('jobs', { url: 'http://127.0.0.1' }))
    expect([status, code]).toEqual([404, 'not_found'])
    expect(detail).toBe('the contract has no webhook jobs: there is job ended, never')
  })

  test('to an origin that is not allowed names the flag', async () => {
    const { origin, received } = await startReceiver()
    const { webhook } = await startCalling([])
    expect(await problemOf(await webhook('job%20ended', { url: origin }))).toMatchObject({
      status: 422,
      code: 'invalid_input',
      findings: [{ path: 'url', message: `nothing is sent there without --callbacks ${origin}` }],
    })
    expect(received).toEqual([])
  })

  test('is refused with all that is wrong, and as anything but JSON', async () => {
    const { webhook, asked } = await startCalling([])
    const refused = await problemOf(await webhook('never', { method: 'PUT', to: 1 }))
    expect(refused).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(refused.findings?.map(({ path }) => path)).toEqual(['to', 'url', 'method'])
    const path = '/.rockpool/mock/webhooks/never'
    const form = { method: 'POST', body: new URLSearchParams({ url: 'http://127.0.0.1' }) }
    expect((await asked(path, form)).status).toBe(415)
    const broken = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' }
    expect((await asked(path, broken)).status).toBe(400)
    expect((await asked(path)).status).toBe(405)
    expect((await asked('/.rockpool/mock/calls', { method: 'DELETE' })).status).toBe(405)
    expect((await asked('/.rockpool')).status).toBe(404)
  })

  test('that cannot be made, or does not arrive, is a problem that says why', async () => {
    const { origin, received } = await startReceiver((_, response) => void response.socket?.resetAndDestroy())
    const { webhook } = await startCalling([origin])
    const unmade = await problemOf(await webhook('never', { url: origin }))
    expect([unmade.status, unmade.code]).toEqual([501, 'mock_unable'])
    expect(received).toEqual([])
    const lost = await problemOf(await webhook('job%20ended', { url: origin }))
    expect(lost).toMatchObject({
      status: 502,
      code: 'upstream_unreachable',
      call: { name: 'job ended', status: null, reason: lost.detail },
    })
  })
})
