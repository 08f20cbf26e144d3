// What our gateway has to look through for each request: 10,000 live keys of 500 organizations, and 500 routes.
import { newCredential } from '../../packages/rockpool/src/kernel/index.ts'

const services = 10
const routesPerService = 50
const organizations = 500
const keys = 10_000

/** Two that count every call and that no call reaches: what they cost is measured, not how they refuse. */
function rateLimits() {
  const most = 1_000_000
  const whole = { organization: null, environment: null, service: null, operation: null }
  const amount = { limit: most, windowMs: 1_000, burst: most }
  return [
    { name: 'each-key', ...whole, per: /** @type {const} */ ('credential'), ...amount },
    { name: 'each-organization', ...whole, per: /** @type {const} */ ('organization'), ...amount },
  ]
}

const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index)

/**
 * @typedef {import('../../packages/rockpool/src/gateway/types.ts').Snapshot} Snapshot
 * @param {number} upstream port of the one that stands behind all services
 * @returns {{ snapshot: Omit<Snapshot, 'version' | 'at'>, requests(count: number, name: string): string[] }} `requests`: texts of
 *   as many requests, each with another key and on another route as far as there are some; `name`: what the upstream answers
 */
export function createSnapshot(upstream) {
  const texts = range(keys).map(() => newCredential('live'))
  const slug = (/** @type {number} */ key) => `organization-${key % organizations}`
  return {
    snapshot: {
      organizations: range(organizations).map((index) => ({
        slug: slug(index),
        environment: /** @type {const} */ ('production'),
        parent: null,
        status: /** @type {const} */ ('active'),
      })),
      credentials: texts.map(({ sha256 }, index) => ({
        id: `key_${sha256.slice(0, 16)}`,
        sha256,
        kind: /** @type {const} */ ('live'),
        allows: { organization: slug(index) },
        environment: /** @type {const} */ ('production'),
        actor: /** @type {const} */ ('customer'),
        run: null,
        service: null,
        scopes: [],
        grant: null,
        endsAt: null,
      })),
      services: range(services).map((service) => ({
        name: `service-${service}`,
        url: `http://127.0.0.1:${upstream}`,
        state: /** @type {const} */ ('running'),
        foreign: false,
        reason: null,
        deadlineMs: 30_000,
        concurrency: 256,
        routes: range(routesPerService).map((route) => ({
          method: 'GET',
          path: `/{organization}/service-${service}/things-${route}/{id}`,
          operationId: `getThing${route}`,
          anonymous: false,
        })),
      })),
      keys: [],
      faults: [],
      issuers: [],
      rateLimits: rateLimits(),
    },
    requests: (count, name) =>
      range(count).map((index) => {
        // Steps that share no factor with the counts: neighbours lie far apart.
        const key = (index * 313) % keys
        const route = (index * 17) % routesPerService
        const target = `/${slug(key)}/service-${index % services}/things-${route}/${name}`
        return (
          `GET ${target} HTTP/1.1\r\nHost: api.example.test\r\nUser-Agent: rockpool-bench\r\nAccept: application/json\r\n` +
          `Authorization: Bearer ${texts[key]?.text}\r\n\r\n`
        )
      }),
  }
}
