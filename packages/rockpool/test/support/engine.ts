import { onTestFinished } from 'vitest'
import type {
  Answer,
  ClientHead,
  Duties,
  End,
  EngineFactory,
  EngineLimits,
  Exchange,
  Failure,
} from '../../src/gateway/engines/engine.ts'
import { fieldsOf } from '../../src/gateway/header-fields.ts'

// One engine without a gateway behind it: duties that pass everything on, and whatever a test puts in their place.

export function plainAnswer(status: number, body = ''): Answer {
  return { status, headers: ['Content-Length', String(Buffer.byteLength(body))], body }
}

/** What moved, and who broke it off. Which way it went is in the access log (engines/records.test.ts). */
type Extent = Pick<End, 'bytesIn' | 'bytesOut' | 'aborted'>

/** What an engine asked for: `ended` has one entry for each call of it, in the order of opening. */
export interface Asked {
  head: ClientHead
  ended: Extent[]
}

export interface EngineParts {
  /** Where everything is forwarded to. */
  url: string
  deadlineMs?: number
  limits?: Partial<EngineLimits>
  /** Put in the place of what the exchange would do. */
  exchange?: (head: ClientHead) => Partial<Exchange>
  open?: (exchange: Exchange, head: ClientHead) => Exchange | Promise<Exchange>
}

/** An engine on loopback that forwards to one service, closed after the test. */
export async function engineTo(createEngine: EngineFactory, parts: EngineParts) {
  const asked: Asked[] = []
  const duties: Duties = {
    open(head) {
      const ended: Extent[] = []
      asked.push({ head, ended })
      const headers: string[] = []
      for (let index = 0; index < head.headers.length; index += 2)
        if (!/^(host|connection|expect|transfer-encoding)$/i.test(head.headers[index]!))
          headers.push(head.headers[index]!, head.headers[index + 1]!)
      const exchange: Exchange = {
        plan: {
          forward: {
            origin: parts.url,
            method: head.method,
            target: head.target,
            headers: fieldsOf(headers),
            deadlineMs: parts.deadlineMs ?? 10_000,
          },
        },
        take: null,
        answered: (_, answer) => fieldsOf(withoutFraming(answer.list)),
        trailers: (trailers) => [...trailers],
        failed: (failure) => plainAnswer(statusOf[failure] ?? 502, failure),
        ended: ({ bytesIn, bytesOut, aborted }) => void ended.push({ bytesIn, bytesOut, aborted }),
        ...parts.exchange?.(head),
      }
      return parts.open ? parts.open(exchange, head) : exchange
    },
    malformed: (fault) => plainAnswer(fault === 'slow' ? 408 : 400, fault),
  }
  const engine = createEngine(duties, parts.limits)
  const port = await engine.listen({ host: '127.0.0.1', port: 0 })
  let closing: Promise<void> | undefined
  const close = (graceMs = 0) => (closing ??= engine.close(graceMs))
  onTestFinished(() => close())
  return { port, asked, close, forget: engine.forget, ended: () => asked.flatMap(({ ended }) => ended) }
}

const statusOf: Partial<Record<Failure, number>> = { deadline: 504, malformed: 400, slow: 408 }

function withoutFraming(headers: readonly string[]): string[] {
  const left: string[] = []
  for (let index = 0; index < headers.length; index += 2)
    if (!/^(connection|keep-alive|transfer-encoding|trailer)$/i.test(headers[index]!))
      left.push(headers[index]!, headers[index + 1]!)
  return left
}
