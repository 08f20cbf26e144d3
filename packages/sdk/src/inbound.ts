import type { Activity } from './activity.ts'
import type { Admission, AdapterOptions, Inbound, InboundRequest, Work } from './adapters/types.ts'
import type { Context, ContextStore } from './context.ts'
import type { createDelivery } from './delivery.ts'
import type { Erasure } from './erasure.ts'
import { problem, problemAnswer, toProblem, type Answer } from './errors.ts'
import type { Verifier } from './identity.ts'
import type { Log } from './types.ts'
import { readRequestId, readTrace } from './trace.ts'
import {
  eventsPath,
  healthPath,
  identityHeader,
  maxBatchBytes,
  maxBatchEvents,
  plainIdentity,
  requestIdHeader,
  reservedPath,
  type EventBatch,
} from './wire.ts'

export interface InboundOptions {
  service: string
  verifier: Verifier
  context: ContextStore
  activity: Activity
  erasure: Erasure
  deliver: ReturnType<typeof createDelivery>
  log: Log
}

/*
 *   request ─► /.rockpool/…      answered here
 *           ─► no identity       401, except on the paths named `withoutIdentity`
 *           ─► not to be trusted 401
 *           ─► erased            410
 *           ─► handler, in the context of the identity
 */
export function createInbound(options: InboundOptions): Inbound {
  const { verifier, context, activity, erasure, log } = options
  const admit = async (
    request: InboundRequest,
    { withoutIdentity = [] }: AdapterOptions,
  ): Promise<Admission> => {
    if (request.path.startsWith(reservedPath)) return { answer: await endpoint(options, request) }
    const token = request.header(identityHeader)
    if (token === undefined) {
      if (withoutIdentity.includes(request.path)) return { work: anonymousWork }
      throw problem(
        'identity_missing',
        `this service answers only what comes through the gateway: the header ${identityHeader} is missing`,
      )
    }
    const claims = await verifier.verify(token, { trust: ['gateway'] })
    const slug = claims.organization
    if (await erasure.isErased(slug))
      throw problem('organization_deleted', `the organization ${slug} is deleted`)
    const current: Context = {
      identity: {
        ...plainIdentity(claims),
        ...(claims.service === undefined ? {} : { service: claims.service }),
        request: readRequestId(request.header(requestIdHeader)),
      },
      token,
      ...readTrace(request.header('traceparent')),
    }
    return { work: identifiedWork(context, current, activity.enter(slug)) }
  }
  return {
    admit: (request, adapter) =>
      admit(request, adapter).catch((error: unknown) => ({ answer: failure(error, log) })),
    known: (error) => toProblem(error).code !== 'internal',
    failure: (error) => failure(error, log),
  }
}

const anonymousWork: Work = { run: (handler) => handler(), follow: () => {}, end: () => {} }

function identifiedWork(store: ContextStore, context: Context, end: () => void): Work {
  return {
    run: (handler) => store.run(context, handler),
    follow: (...emitters) => emitters.forEach((emitter) => store.follow(context, emitter)),
    end,
  }
}

function failure(error: unknown, log: Log): Answer {
  const refused = toProblem(error)
  if (refused.code === 'internal')
    log.error({ err: error instanceof Error ? error.stack : String(error) }, 'a request failed')
  return problemAnswer(refused)
}

async function endpoint(options: InboundOptions, request: InboundRequest): Promise<Answer> {
  const { service, deliver } = options
  const method = { [eventsPath]: 'POST', [healthPath]: 'GET' }[request.path]
  if (!method) throw problem('not_found', `Rockpool serves nothing at ${request.path}`)
  if (request.method !== method) {
    const refused = problemAnswer(problem('method_not_allowed', `${request.path} takes ${method}`))
    return { ...refused, headers: { ...refused.headers, allow: method } }
  }
  if (request.path === healthPath) return json({ service })
  const body = await request.body(maxBatchBytes)
  if (!body) throw problem('body_too_large', `a batch has at most ${maxBatchBytes} bytes`)
  const headers = { traceparent: request.header('traceparent'), request: request.header(requestIdHeader) }
  return json({ results: await deliver(readBatch(body), headers) })
}

function readBatch(body: Buffer): EventBatch {
  let batch: Partial<EventBatch> | null
  try {
    batch = JSON.parse(body.toString('utf8')) as typeof batch
  } catch {
    throw problem('malformed_request', 'the body is not JSON')
  }
  const events = batch?.events
  if (!Array.isArray(events)) throw problem('malformed_request', 'the body has no list `events`')
  if (events.length > maxBatchEvents)
    throw problem('malformed_request', `a batch has at most ${maxBatchEvents} events`)
  const texts = ['id', 'type', 'subject', 'organization'] as const
  const fault = events.findIndex(
    (item) =>
      typeof item?.identity !== 'string' || texts.some((name) => typeof item.event?.[name] !== 'string'),
  )
  if (fault >= 0) throw problem('malformed_request', `events[${fault}] is not an event with an identity`)
  return { events }
}

function json(value: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
