import { request as httpRequest, Agent } from 'node:http'
import type { RequestListener } from 'node:http'
import { readIdentity, type PublicKey } from '@rockpool/sdk/wire'
import { describe, expect, onTestFinished, test } from 'vitest'
import { count, isCampaign, limitMs } from '../../../test/support/counts.ts'
import { readAll, testGateway, until, upstream, type TestGateway } from '../../../test/support/gateway.ts'
import { bearer } from '../../../test/support/gateway-client.ts'
import { seeded } from '../../../test/support/random.ts'
import {
  large,
  makeScale,
  nameOf,
  plan,
  type Planned,
  type Scale,
  type Size,
} from '../../../test/support/scale.ts'
import { engines, type EngineName } from '../engines/index.ts'

// Whole snapshots take each other's place under load: every call is served, by its service, for its organization, where
// the service ran by a snapshot that counted meanwhile.

const size: Size = isCampaign ? large : { keys: 5_000, services: 40, routesPerService: 25 }
const swaps = count('snapshotSwaps', 10)
const places = 4
const clients = 8

/** Tells where it runs, and by its identity, which one of these keys must have signed, for whom and for what it was called. */
const place =
  (index: number, keys: readonly PublicKey[]): RequestListener =>
  (request, response) => {
    const [, service] = /^\/[^/]+\/s(\d+)\//.exec(request.url!)!
    const reading = readIdentity(request.headers['rockpool-identity'] as string, {
      audience: nameOf(Number(service)),
      trust: ['gateway'],
      key: (kid) => keys.find((key) => key.kid === kid),
      now: Date.now(),
    })
    if (!reading.ok) return void response.writeHead(401).end(JSON.stringify(reading))
    const { aud, organization } = reading.claims
    response.end(JSON.stringify({ place: index, service: aud, organization, path: request.url }))
  }

interface Told {
  status: number
  place: number
  service: string
  organization: string
  path: string
}

async function ask(gateway: TestGateway, { key, path }: Planned, agent: Agent): Promise<Told> {
  const headers = ['Host', 'api.example', ...bearer(key)]
  const options = { host: '127.0.0.1', port: gateway.port, path, headers, agent }
  return new Promise((resolve, reject) => {
    httpRequest(options, (response) => {
      const told = (body: Buffer) =>
        resolve({ status: response.statusCode!, ...(JSON.parse(body.toString()) as Omit<Told, 'status'>) })
      readAll(response).then(told, reject)
    })
      .once('error', reject)
      .end()
  })
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: snapshots that change', (engine) => {
  test(
    `${swaps} times under load, with changes in between: no call is refused, and none goes astray`,
    { timeout: limitMs(40_000) },
    async () => {
      const keys: PublicKey[] = []
      const urls: string[] = []
      for (let index = 0; index < places; index++) urls.push((await upstream(place(index, keys))).url)
      /** With each step every service moves on by one place. */
      const urlAt = (step: number) => (service: number) => urls[(service + step) % places]!
      const scale: Scale = makeScale(size, urlAt(0))
      const gateway = await testGateway(engine, scale.snapshot)
      const { state } = gateway
      keys.push(gateway.signer.publicKey)
      let step = 0
      let over = false
      let served = 0
      const agent = new Agent({ keepAlive: true, maxSockets: clients })
      onTestFinished(() => agent.destroy())

      const client = async (seed: number) => {
        const random = seeded(seed)
        while (!over) {
          const call = plan(scale, size, random)
          const before = step
          const told = await ask(gateway, call, agent)
          const moved = Array.from({ length: step - before + 1 }, (_, index) => before + index)
          expect(told).toEqual({
            status: 200,
            service: nameOf(call.service),
            organization: call.organization,
            path: call.path,
            place: expect.toSatisfy((index: number) =>
              moved.some((at) => (call.service + at) % places === index),
            ) as number,
          })
          served += 1
        }
      }
      const load = Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
      // Whoever fails ends the test at once.
      let failure: unknown
      load.catch((error: unknown) => (failure = error))

      for (let swap = 0; swap < swaps; swap++) {
        const { version } = state.ground()!.directory
        const next = { ...makeServices(scale, urlAt(step + 1)), version: version + 1, keys }
        step += 1
        expect(state.open(next, Date.now())).toEqual([])
        const { services } = makeServices(scale, urlAt(step + 1))
        step += 1
        expect(state.change({ version: version + 2, set: { services }, removed: {} })).toEqual([])
        const sofar = served
        await until('calls are served by it', () => failure !== undefined || served > sofar + clients)
        if (failure !== undefined) throw failure as Error
      }
      over = true
      await load
      expect(served).toBeGreaterThan(swaps * clients)
    },
  )
})

function makeServices({ snapshot }: Scale, urlOf: (service: number) => string) {
  const services = snapshot.services.map((service, index) => ({ ...service, url: urlOf(index) }))
  return { ...snapshot, services }
}
