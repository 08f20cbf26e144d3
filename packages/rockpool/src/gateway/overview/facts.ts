import type { Clock, Finding } from '../../kernel/index.ts'
import type { ContractCount } from '../judging/types.ts'
import type { GatewayState } from '../state.ts'
import type { Counters } from './counters.ts'
import { holdsOf } from './holds.ts'
import type { GatewayFacts } from './types.ts'

/** What a gateway tells of itself, as it is at this moment. */
export interface Facts {
  read(): GatewayFacts
  /** Control sent what cannot be taken. */
  refused(findings: readonly Finding[]): void
  /** A snapshot or change was taken. */
  taken(): void
}

export interface FactsOptions extends Pick<GatewayFacts, 'name' | 'engine' | 'addresses' | 'key'> {
  state: GatewayState
  counters: Pick<Counters, 'values'>
  /** How calls keep to their contracts. */
  contracts?: { values(): ContractCount[] }
  ledger: { waiting(): number }
  traffic: { waiting(): number }
  accessLog: { dropped(): number }
  clock: Clock
}

const maxFindings = 20
const maxText = 500

export function createFacts(options: FactsOptions): Facts {
  const { name, engine, addresses, key, state, counters, contracts, ledger, traffic } = options
  const { accessLog, clock } = options
  const started = new Date(clock.now()).toISOString()
  let last: GatewayFacts['refused'] = null

  return {
    read() {
      const ground = state.ground()
      return {
        name,
        engine,
        addresses,
        key,
        started,
        notReady: state.notReady() ?? null,
        draining: state.draining(),
        ageMs: ground ? Math.max(0, clock.now() - ground.asOf) : null,
        cutOff: state.cutOff,
        holds: holdsOf(ground?.directory),
        ledgerWaiting: ledger.waiting(),
        trafficWaiting: traffic.waiting(),
        logLinesDropped: accessLog.dropped(),
        refused: last,
        counters: counters.values(),
        ...(contracts && { contracts: contracts.values() }),
      }
    },
    refused(findings) {
      last = {
        at: new Date(clock.now()).toISOString(),
        findings: findings.slice(0, maxFindings).map(({ path, message }) => ({
          path: path.slice(0, maxText),
          message: message.slice(0, maxText),
        })),
      }
    },
    taken() {
      last = null
    },
  }
}
