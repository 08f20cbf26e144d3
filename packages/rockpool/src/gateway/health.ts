import { answerJson } from './answers.ts'
import type { Answer } from './engines/engine.ts'
import type { GatewayState } from './state.ts'

export interface HealthOptions {
  state: Pick<GatewayState, 'ground' | 'notReady' | 'draining'>
  ledger: { waiting(): number }
  accessLog: { dropped(): number }
}

/** For load balancers, and for whoever started it. It tells nothing about what is served. */
export function answerHealth({ state, ledger, accessLog }: HealthOptions, request: string): Answer {
  const why = state.notReady() ?? (state.draining() ? 'it is stopping: send what comes elsewhere' : undefined)
  const ground = state.ground()
  return answerJson(why === undefined ? 200 : 503, request, {
    ready: why === undefined,
    reason: why ?? null,
    version: ground?.directory.version ?? null,
    asOf: ground ? new Date(ground.asOf).toISOString() : null,
    ledgerWaiting: ledger.waiting(),
    logLinesDropped: accessLog.dropped(),
  })
}
