import { messageOf, problem } from '../../kernel/index.ts'
import type { Log, Problem } from '../../kernel/index.ts'
import type { RequestFinding } from '../../contracts/light.ts'
import type { Forwarding } from '../forwarding.ts'
import { parametersOf, readTarget } from '../router.ts'
import { toJsonBody } from '../shapes/body.ts'
import { withJson, withOtherContent } from '../shapes/heads.ts'
import type { GatewayState } from '../state.ts'
import type { ContractCounts } from './counts.ts'
import type { Judge } from './judge.ts'
import type { ContractKeeper } from './keeper.ts'
import type { UsageCollector } from './usage.ts'

/** A call that was held against its contract: as it goes on, or why it does not. */
export interface HeldCall {
  call: Forwarding
  /** Undefined: it was not gathered, and goes on as it comes. */
  body: Buffer | undefined
  refusal: Problem | null
}

export interface ContractJudging {
  /** Undefined: nothing is judged of such a call, or not yet. */
  judgeOf(call: Forwarding): Judge | undefined
  /** Holds a call against its contract. `body`: undefined where it does not count what is in it. */
  judge(call: Forwarding, body: Buffer | undefined): HeldCall
}

export interface ContractJudgingOptions {
  state: Pick<GatewayState, 'ground'>
  keeper: Pick<ContractKeeper, 'judgeOf'>
  counts: Pick<ContractCounts, 'found'>
  /** Where it is counted what was in them. */
  usage: Pick<UsageCollector, 'request' | 'missed'>
  log: Log
}

/** More of them help nobody. */
const mostFindings = 100
const mostPlace = 200

/** What of calls is held against their contracts, as the snapshot has it, and what follows from it. */
export function createContractJudging(options: ContractJudgingOptions): ContractJudging {
  const { state, keeper, counts, usage, log } = options

  function judgeOf({ decision }: Forwarding): Judge | undefined {
    const address = state.ground()!.directory.services.get(decision.service)?.contract
    return address === undefined ? undefined : keeper.judgeOf(address)
  }

  /** Names and values of the path, as the contract has them. */
  function parametersFor({ head }: Forwarding): Record<string, string> {
    const target = readTarget(head.target)
    const routing = target.ok && state.ground()!.directory.router.find(head.method, target.segments)
    return routing && routing.kind === 'match' ? parametersOf(routing.match) : {}
  }

  function held(call: Forwarding, body: Buffer | undefined): HeldCall {
    const { route, service } = call.decision
    const refuses = route.validation!.requests === 'refuse'
    const judge = judgeOf(call)
    if (judge === undefined) {
      usage.missed(call)
      return { call, body, refusal: refuses ? problem('gateway_not_ready', notThere(service)) : null }
    }
    const form = body !== undefined && judge.takesForm(route, call.head) ? body : null
    const judged = judge.judge({ route, head: call.head, parameters: parametersFor(call), body })
    if (judged.seen !== null) usage.request(call, judge, judged.seen)
    const findings = judged.findings.slice(0, mostFindings)
    let going = call
    if (findings.length > 0) {
      counts.found(service, route.operationId, findings.length)
      going = { ...call, contract: { findings: findings.length, first: placeOf(findings[0]!) } }
      if (refuses) return { call: going, body, refusal: toProblem(findings, service, route.operationId) }
    }
    // A form has always gone on as JSON here; without its contract's types where it does not keep to it.
    if (form !== null && form.length > 0 && judged.body === undefined) {
      const shaped = toJsonBody('form', form)
      if (!shaped.ok) return { call: going, body, refusal: shaped.problem }
      return { call: withHead(going, withJson(call.head)), body: shaped.body, refusal: null }
    }
    if (judged.body === undefined) return { call: going, body, refusal: null }
    const head = form !== null ? withJson(call.head) : withOtherContent(call.head)
    return { call: withHead(going, head), body: judged.body, refusal: null }
  }

  return {
    judgeOf,
    judge(call, body) {
      const { route, service } = call.decision
      if (route.validation === undefined || route.validation.requests === 'off')
        return { call, body, refusal: null }
      try {
        return held(call, body)
      } catch (error) {
        log.error({ service, operation: route.operationId, error: messageOf(error) }, 'a call was not judged')
        usage.missed(call)
        const refuses = route.validation.requests === 'refuse'
        const refusal = problem('internal', 'the request could not be held against its contract')
        return { call, body, refusal: refuses ? refusal : null }
      }
    },
  }
}

export const notThere = (service: string): string =>
  `the contract of ${service} is not here yet, and nothing goes to it unjudged`

const withHead = (call: Forwarding, head: Forwarding['head']): Forwarding => ({ ...call, head })

const placeOf = ({ in: place, path }: RequestFinding): string =>
  `${place} ${path}`.trimEnd().slice(0, mostPlace)

function toProblem(findings: readonly RequestFinding[], service: string, operation: string): Problem {
  return problem('invalid_input', `the request does not keep to the contract of ${service} (${operation})`, {
    findings: findings.map((finding) => ({ path: placeOf(finding), message: finding.message })),
  })
}
