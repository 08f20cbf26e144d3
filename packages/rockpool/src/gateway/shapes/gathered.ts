import type { End, Exchange } from '../engines/engine.ts'

export interface GatheredOptions {
  /** Bytes of content; of a longer body nothing is kept. */
  maxBytes: number
  /** Called once with the whole body; null: it was too long. Gives the exchange that goes on from there. */
  next: (body: Buffer | null) => Exchange
  /** It does not come, or not as HTTP has it. Gives the exchange of the answer that says so. */
  refused: (failure: 'slow' | 'malformed') => Exchange
  /** The client went before its body was whole. */
  abandoned: (end: End) => void
  /** All is over. */
  ended: () => void
}

/** The exchange of a call whose body is wanted first: from then on it is the exchange that comes of it. */
export function gathered({ maxBytes, next, refused, abandoned, ended }: GatheredOptions): Exchange {
  let inner: Exchange | undefined
  const exchange: Exchange = {
    plan: {
      gather: {
        maxBytes,
        whole(body) {
          inner = next(body)
          const { plan, spoil } = inner
          if (spoil) exchange.spoil = spoil
          if ('gather' in plan) throw new Error('a body is gathered once')
          return plan
        },
      },
    },
    take: null,
    interim: (headers) => inner!.interim?.(headers) ?? [],
    answered(status, headers) {
      const left = inner!.answered(status, headers)
      exchange.take = inner!.take
      if (inner!.reshape) exchange.reshape = inner!.reshape
      if (inner!.spoil) exchange.spoil = inner!.spoil
      return left
    },
    isEndless: () => inner!.isEndless?.() ?? false,
    trailers: (headers) => inner!.trailers(headers),
    failed(failure, detail) {
      if (inner) return inner.failed(failure, detail)
      if (failure !== 'slow' && failure !== 'malformed') throw new Error(`nothing was asked yet: ${failure}`)
      inner = refused(failure)
      if ('answer' in inner.plan) return inner.plan.answer
      throw new Error('what is refused is answered')
    },
    ended(end) {
      ended()
      if (inner) inner.ended(end)
      else abandoned(end)
    },
  }
  return exchange
}
