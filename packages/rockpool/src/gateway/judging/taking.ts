import { problem } from '../../kernel/index.ts'
import type { Problem } from '../../kernel/index.ts'
import type { Call } from '../call.ts'
import type { Exchange } from '../engines/engine.ts'
import type { Forwarding } from '../forwarding.ts'
import type { Gathering } from '../gathering.ts'
import { isUnsafe, valuesOf } from '../ground.ts'
import { bodyShapeOf, disguisedJson } from '../shapes/body.ts'
import type { GatewayState } from '../state.ts'
import type { ContractKeeper } from './keeper.ts'
import { notThere } from './judging.ts'
import type { ContractJudging } from './judging.ts'

export interface ContractTakingOptions {
  state: Pick<GatewayState, 'ground'>
  judging: Pick<ContractJudging, 'judgeOf'>
  keeper: Pick<ContractKeeper, 'arrival'>
  gathering: Gathering
  /** Why a form does not go on as JSON, as far as its head tells. */
  refusedForm(call: Forwarding): Problem | null
  refused(call: Call, refusal: Problem): Exchange
}

/** What calls have to wait for before they can be held against their contracts: that it is there, and their bodies. */
export interface ContractTaking {
  /**
   * Null: there is nothing to wait for. Only of a call whose route has `validation`.
   * @param anew goes on with the call when its contract has come
   */
  take(call: Forwarding, anew: () => Exchange | Promise<Exchange>): Exchange | Promise<Exchange> | null
}

/** A contract that was named a moment ago is on its way; who asks meanwhile need not hear of it. */
const arrivalMs = 2_000

export function createContractTaking(options: ContractTakingOptions): ContractTaking {
  const { state, judging, keeper, gathering } = options

  async function waitFor(call: Forwarding, anew: () => Exchange | Promise<Exchange>): Promise<Exchange> {
    const { service } = call.decision
    const address = state.ground()!.directory.services.get(service)?.contract
    if (address !== undefined) await keeper.arrival(address, arrivalMs)
    if (judging.judgeOf(call) !== undefined) return anew()
    return options.refused(call, problem('gateway_not_ready', notThere(service)))
  }

  const asItCame = (call: Forwarding) => ({
    by: null,
    read: (body: Buffer) => ({ head: call.head, body }),
    mayWrite: isUnsafe(call.head.method),
  })

  function takeForm(call: Forwarding): Exchange | Promise<Exchange> {
    const refusal = options.refusedForm(call)
    if (refusal) return options.refused(call, refusal)
    const read = (body: Buffer) => {
      const disguised = disguisedJson(body)
      return disguised ? { refusal: disguised } : { head: call.head, body }
    }
    return gathering.gather(call, { by: 'form', read, mayWrite: true })
  }

  /** Where nothing is refused, nothing is held up either: only a body that says how short it is is looked into. */
  function mayBeSeen(call: Forwarding): boolean {
    const [length] = valuesOf(call.head, 'content-length')
    return (
      length !== undefined && Number(length) <= gathering.mostBytes(call, null) && gathering.hasRoom(call)
    )
  }

  return {
    take(call, anew) {
      const { route } = call.decision
      const mode = route.validation!.requests
      if (mode === 'off') return null
      const judge = judging.judgeOf(call)
      if (judge === undefined) return mode === 'refuse' ? waitFor(call, anew) : null
      if (!judge.looksInto(route, call.head)) return null
      if (judge.takesForm(route, call.head)) return takeForm(call)
      const shape = bodyShapeOf(call.head, route.shapes ?? [])
      // It becomes JSON first, and is judged as that.
      if (shape === 'octet-stream' || (shape === 'form' && mode === 'report')) return null
      if (mode === 'report' && !mayBeSeen(call)) return null
      return gathering.gather(call, asItCame(call))
    },
  }
}
