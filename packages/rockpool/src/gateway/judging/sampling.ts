import { messageOf } from '../../kernel/index.ts'
import type { Log } from '../../kernel/index.ts'
import type { AnswerFinding } from '../../contracts/light.ts'
import type { Exchange } from '../engines/engine.ts'
import type { Forwarding } from '../forwarding.ts'
import { valuesOf } from '../ground.ts'
import { decoded } from '../shapes/decoded.ts'
import { isJson } from '../shapes/enveloped-request.ts'
import { instead } from '../shapes/instead.ts'
import type { ContractCounts } from './counts.ts'
import type { ContractJudging } from './judging.ts'
import type { UsageCollector } from './usage.ts'

/** What is different in one answer, at most 20 of it; of values texts alone that are in no list of what may stand there. */
export type OnDrift = (
  service: string,
  operation: string,
  status: number,
  findings: readonly AnswerFinding[],
) => void

export interface AnswerSampling {
  /** The same exchange; of a share of them the answer is copied as it passes, and judged when all is over. */
  watched(exchange: Exchange, call: Forwarding): Exchange
}

export interface AnswerSamplingOptions {
  judging: Pick<ContractJudging, 'judgeOf'>
  counts: Pick<ContractCounts, 'drifted' | 'dropped'>
  usage: Pick<UsageCollector, 'response'>
  onDrift: OnDrift | undefined
  log: Log
  /** From 0 to 1, for each answer. */
  random?: () => number
}

/** Bytes of one body, bytes of all that are in hand, and answers that wait to be judged. */
const mostBytes = 256 * 1024
const mostHeld = 8 * 1024 * 1024
const mostWaiting = 100
const mostFindings = 20

interface Sample {
  call: Forwarding
  status: number
  headers: readonly string[]
  /** Null: there is more of it than is looked at, or it is no JSON. */
  pieces: Uint8Array[] | null
  bytes: number
}

export function createAnswerSampling(options: AnswerSamplingOptions): AnswerSampling {
  const { judging, counts, usage, onDrift, log, random = Math.random } = options
  const waiting: Sample[] = []
  let held = 0

  function isWanted({ head, decision }: Forwarding): boolean {
    const { responses } = decision.route.validation!
    if (responses === 0 || random() >= responses) return false
    // What is spoiled on purpose is not the service's answer; of HEAD there is none; of a tunnel nobody knows.
    return decision.suffered === null && head.method !== 'HEAD' && decision.upgrade === null
  }

  function keep(sample: Sample, chunk: Uint8Array): void {
    if (sample.pieces === null) return
    if (sample.bytes + chunk.length > mostBytes || held + chunk.length > mostHeld) return letGo(sample)
    // The engine uses its buffer again.
    sample.pieces.push(Uint8Array.from(chunk))
    sample.bytes += chunk.length
    held += chunk.length
  }

  function letGo(sample: Sample): void {
    held -= sample.bytes
    sample.bytes = 0
    sample.pieces = null
  }

  function enqueue(sample: Sample): void {
    const { decision } = sample.call
    if (waiting.length >= mostWaiting) {
      letGo(sample)
      return counts.dropped(decision.service, decision.route.operationId)
    }
    waiting.push(sample)
    if (waiting.length === 1) setImmediate(next)
  }

  /** One at a time, with turns for calls in between. */
  function next(): void {
    const sample = waiting[0]!
    const { service, route } = sample.call.decision
    try {
      judge(sample)
    } catch (error) {
      log.error(
        { service, operation: route.operationId, error: messageOf(error) },
        'an answer was not judged',
      )
    }
    letGo(sample)
    waiting.shift()
    if (waiting.length > 0) setImmediate(next)
  }

  function judge({ call, status, headers, pieces }: Sample): void {
    const { service, route } = call.decision
    const codings = valuesOf({ headers }, 'content-encoding')
    const plain = pieces === null ? undefined : decoded(Buffer.concat(pieces), codings)
    const body = plain === undefined ? null : Buffer.from(plain)
    const contract = judging.judgeOf(call)
    if (contract === undefined) return
    const seen = contract.seenAnswer(route, { status, headers, body })
    if (seen !== null) usage.response(call, contract, seen)
    const found = contract.answer(route, { status, headers, body })
    if (found.length === 0) return
    const findings = found.slice(0, mostFindings)
    counts.drifted(service, route.operationId, findings.length)
    onDrift?.(service, route.operationId, status, findings)
  }

  return {
    watched(exchange, call) {
      if (!isWanted(call)) return exchange
      let sample: Sample | undefined
      const watched: Exchange = instead(exchange, {
        answered(status, headers) {
          const left = exchange.answered(status, headers)
          const { take } = exchange
          const [type = ''] = valuesOf({ headers: headers.list }, 'content-type')
          const own: Sample = {
            call,
            status,
            headers: [...headers.list],
            pieces: isJson(type) ? [] : null,
            bytes: 0,
          }
          sample = own
          watched.take = isJson(type)
            ? (chunk) => {
                take?.(chunk)
                keep(own, chunk)
              }
            : take
          return left
        },
        ended(end) {
          exchange.ended(end)
          if (sample === undefined) return
          if (end.aborted === null) enqueue(sample)
          else letGo(sample)
        },
      })
      return watched
    },
  }
}
