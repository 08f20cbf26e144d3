import { problem } from '../../kernel/index.ts'
import { answerProblem } from '../answers.ts'
import type { Answer, Exchange } from '../engines/engine.ts'
import type { Envelope } from './asked.ts'
import { maxShapedBytes } from './decoded.ts'
import { envelop } from './enveloped-answer.ts'
import { instead } from './instead.ts'

/** The exchange as it was, with its answer in an envelope, whoever gives it. `request`: its id. */
export function enveloped(exchange: Exchange, envelope: Envelope, request: string): Exchange {
  const unfit = (detail: string) => answerProblem(problem('answer_unfit', detail), request)
  const put = (answer: Answer): Answer => envelop({ ...answer, body: Buffer.from(answer.body) }, envelope)!
  const wrapped: Exchange = instead(exchange, {
    plan: planOf(exchange.plan, put),
    answered(status, headers) {
      const left = exchange.answered(status, headers)
      // Of the body both see the whole: what the service said, and what goes into the envelope.
      const { reshape, take } = exchange
      wrapped.take = null
      wrapped.reshape = {
        maxBytes: maxShapedBytes,
        whole(body) {
          if (body === null) return put(unfit('the answer is too large for an envelope: 1 MB at most'))
          take?.(body)
          if (reshape) return put(reshape.whole(body))
          const answer = envelop({ status, headers: [...left.list], body }, envelope)
          return answer ?? put(unfit('the service’s answer has a Content-Encoding that cannot be undone'))
        },
      }
      return left
    },
    failed: (failure, detail) => put(exchange.failed(failure, detail)),
  })
  return wrapped
}

function planOf(plan: Exchange['plan'], put: (answer: Answer) => Answer): Exchange['plan'] {
  if ('answer' in plan) return { answer: put(plan.answer) }
  if ('forward' in plan) return plan
  const { gather } = plan
  const whole = (body: Buffer | null) => {
    const next = gather.whole(body)
    return 'answer' in next ? { answer: put(next.answer) } : next
  }
  return { gather: { ...gather, whole } }
}
