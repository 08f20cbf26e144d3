import type { Hono } from 'hono'
import { z } from 'zod'
import { messageOf, problem } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { GatewayList } from './overview/gateway-list.ts'
import { addressForm } from './judging/address.ts'
import { factsSchema } from './overview/report.ts'
import type { Publisher } from './publisher.ts'
import type { Drained } from './releases/drained.ts'
import type { LedgerEntry } from './types.ts'

/** Routes for the processes of Rockpool itself, as control mounts them. */
export interface GatewayInternalRoutes {
  prefix: `/internal/${string}`
  roles: readonly string[]
  mount(routes: Hono): void
}

export interface InternalRoutesOptions {
  publisher: Publisher
  organizations: Pick<Organizations, 'signingKeys' | 'touch' | 'redeemTicket'>
  /** Keeps what gateways tell of themselves. */
  gateways?: Pick<GatewayList, 'told'>
  /** Keeps what they tell of releases that are drained. */
  drained?: Pick<Drained, 'told'>
  /** The contracts that calls are held against, as texts, by address; without it, none. */
  contracts?: { text(address: string): string | undefined }
  /** Keeps what gateways shipped; the same entry may come again, and in a newer state. */
  ledger: { append(entries: readonly LedgerEntry[]): Promise<void> }
  log: Log
}

/** A gateway that takes nothing more from its stream is cut off; it comes back and gets a snapshot. */
const maxWaitingBytes = 64 * 1024 * 1024
const maxBodyBytes = 8 * 1024 * 1024

const word = z.string().min(1).max(200)
const report = z.object({
  gateway: word,
  version: z.number().int().nonnegative(),
  lastUsed: z.record(z.string(), z.iso.datetime()),
  // What a gateway of another release tells otherwise must not cost its acknowledgements.
  facts: factsSchema.optional().catch(undefined),
  drained: z.array(word).max(1_000).optional().catch(undefined),
})
const key = z.object({
  kid: word,
  trust: z.literal('gateway'),
  jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43) }),
  holder: word.optional(),
})
const signIn = z.object({ ticket: z.string().max(100) })
const text = z.string().max(8192)
const ledgerEntries = z.object({
  entries: z
    .array(
      z.object({
        id: z.uuid(),
        run: word.nullable(),
        organization: word,
        service: word,
        method: word,
        path: text,
        idempotencyKey: text.nullable(),
        at: z.iso.datetime(),
        status: z.number().int().nullable(),
        location: text.nullable(),
        resource: text.nullable(),
        outcome: z.enum(['intent', 'done', 'doubtful']),
      }),
    )
    .max(1000),
})

/** Control's routes for gateways: the stream of snapshots, contracts, reports, keys, sessions for tickets, the ledger. */
export function createGatewayRoutes(options: InternalRoutesOptions): GatewayInternalRoutes[] {
  const { publisher, organizations, gateways, drained, contracts, ledger, log } = options
  const roles = ['gateway']
  return [
    {
      prefix: '/internal/gateway',
      roles,
      mount(routes) {
        routes.get('/stream', (c) => {
          const gateway = word.safeParse(c.req.query('gateway'))
          if (!gateway.success) throw problem('invalid_input', 'the query must name the gateway')
          const headers = { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' }
          return new Response(openStream(publisher, gateway.data), { headers })
        })
        routes.get('/contracts/:address', (c) => {
          const address = c.req.param('address')
          const text = addressForm.test(address) ? contracts?.text(address) : undefined
          if (text === undefined) throw problem('not_found', 'no service here has a contract of this address')
          return c.body(text, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
        })
        routes.post('/report', async (c) => {
          const input = await readBody(c.req.raw, report)
          publisher.acknowledge(input)
          gateways?.told(input)
          drained?.told(input)
          const used = Object.entries(input.lastUsed).map(([id, time]) => [id, new Date(time)] as const)
          // An acknowledgement must not wait for, or fail with, what is only for lists.
          if (used.length > 0)
            organizations
              .touch(new Map(used))
              .catch((error: unknown) =>
                log.warn({ error: messageOf(error) }, 'last used times are not kept'),
              )
          return c.body(null, 204)
        })
      },
    },
    {
      prefix: '/internal/keys',
      roles,
      mount(routes) {
        routes.post('/', async (c) => {
          await organizations.signingKeys.register(await readBody(c.req.raw, key))
          await publisher.settled()
          return c.body(null, 204)
        })
      },
    },
    {
      prefix: '/internal/sessions',
      roles,
      mount(routes) {
        routes.post('/', async (c) => {
          const { ticket } = await readBody(c.req.raw, signIn)
          const { text, credential } = await organizations.redeemTicket(ticket, 'gateway')
          await publisher.settled()
          return c.json({ text, endsAt: credential.endsAt }, 201, { 'Cache-Control': 'no-store' })
        })
      },
    },
    {
      prefix: '/internal/ledger',
      roles,
      mount(routes) {
        routes.post('/', async (c) => {
          const { entries } = await readBody(c.req.raw, ledgerEntries)
          await ledger.append(entries)
          return c.body(null, 204)
        })
      },
    },
  ]
}

function openStream(publisher: Publisher, gateway: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let disconnect: (() => void) | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (line: string) => {
          if ((controller.desiredSize ?? 0) <= -maxWaitingBytes) {
            const slow = new Error('the gateway does not keep up')
            controller.error(slow)
            throw slow
          }
          controller.enqueue(encoder.encode(`${line}\n`))
        }
        disconnect = publisher.connect(gateway, (message) => send(JSON.stringify(message)), send)
      },
      cancel: () => disconnect?.(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  )
}

/** A body of JSON, validated; `body_too_large`, `invalid_input` with all findings. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body = await request.text()
  if (body.length > maxBodyBytes)
    throw problem('body_too_large', `the body may have ${maxBodyBytes} bytes at most`)
  const parsed = schema.safeParse(parse(body))
  if (parsed.success) return parsed.data
  const findings = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.') || '(the whole)',
    message,
  }))
  throw problem('invalid_input', 'the body is not valid', { findings })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
