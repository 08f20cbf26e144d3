import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import {
  credential,
  organization,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
} from '../../../test/support/gateway.ts'
import { routes, send } from '../../../test/support/gateway-client.ts'
import { engineNames } from '../index.ts'

const live = credential('live')
const run = credential('run')

describe.each(engineNames)('the header Rockpool-Release with %s', (engine) => {
  async function started() {
    const received: IncomingHttpHeaders[] = []
    const { url } = await upstream((request, response) => {
      received.push(request.headers)
      response.setHeader('Rockpool-Release', 'what a service says of itself')
      response.end('ok')
    })
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, run],
      services: [
        service('catalog', {
          routes,
          releases: [
            { name: 'v1', url, weight: 1, drain: null },
            { name: 'v2', url: 'http://127.0.0.1:1', weight: 0, drain: null },
          ],
        }),
      ],
    })
    const ask = async (text: string, path: string, named: string[] = []) => {
      const headers = ['Authorization', `Bearer ${text}`, ...named]
      const answer = await send(gateway, { path, headers })
      await until('it is recorded', () => gateway.records.length > 0)
      const record = gateway.records.pop()!
      return { status: answer.status, told: answer.headers['rockpool-release'], record }
    }
    return { ask, received }
  }

  test('is forged when a customer sends it: taken out, counted, and never answered', async () => {
    const { ask, received } = await started()
    const { status, told, record } = await ask(live.text, '/harbor/items', [
      'ROCKPOOL_Release',
      'v2',
      'Rockpool-Release',
      'v2',
    ])
    expect({ status, told }).toEqual({ status: 200, told: undefined })
    // Two of the request, and the service’s own.
    expect(record).toMatchObject({ release: 'v1', stripped: 3 })
    expect(Object.keys(received[0]!).filter((name) => /release/i.test(name))).toEqual([])
  })

  test('is a check’s to send, and says which release took its call, even where that fails', async () => {
    const { ask, received } = await started()
    // The service’s own is forged all the same.
    const byWeight = { told: 'v1', record: { release: 'v1', stripped: 1 } }
    expect(await ask(run.text, '/box/items')).toMatchObject(byWeight)
    expect(await ask(run.text, '/box/items', ['Rockpool-Release', 'v1'])).toMatchObject(byWeight)
    expect(await ask(run.text, '/box/items', ['Rockpool-Release', 'v2'])).toMatchObject({
      status: 502,
      told: 'v2',
      record: { release: 'v2', stripped: 0 },
    })
    expect(received.every((headers) => headers['rockpool-release'] === undefined)).toBe(true)
  })
})
