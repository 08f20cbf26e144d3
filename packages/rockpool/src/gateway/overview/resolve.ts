import { decide } from '../decision.ts'
import type { Decision } from '../decision.ts'
import type { Ground } from '../ground.ts'
import { parameterOf, parametersOf, readTarget } from '../router.ts'
import type { Match } from '../router.ts'
import { assumeCredential, assumedKinds, assumeKind } from './assumed.ts'
import type { AssumedKind } from './assumed.ts'
import { stepsOf } from './steps.ts'
import type { Step } from './steps.ts'
import type { SnapshotCredential } from '../types.ts'

export interface Question {
  method: string
  /** Path and query, as they would stand in the request. */
  target: string
  /** Whose request it would be. */
  as: { kind: AssumedKind } | { credential: SnapshotCredential }
  /** Whose credential a made-up one is; otherwise that of the path. */
  organization?: string | undefined
}

export interface Resolution {
  outcome: Decision['kind']
  /** Path parameters, decoded. */
  parameters: Readonly<Record<string, string>>
  decision: Decision
  /** An organization that is none: the path names none, and a credential needs one. */
  madeUp: string | null
  steps: Step[]
  /** What would become of it by each kind of credential; empty where no route is known. */
  byKind: { kind: AssumedKind; outcome: Decision['kind']; code: string | null }[]
}

/**
 * What the gateway would decide about a request: its own decision, on the ground that gateways decide by. What is counted
 * by a gateway (budgets, rates) or known by the service alone is not in it. Pure, but for the keys that assumed credentials are made of.
 */
export function resolve(ground: Ground, question: Question, now: number): Resolution {
  const match = matchOf(ground, question)
  const organization =
    question.organization ?? (match === null ? undefined : parameterOf(match, 'organization'))
  const ask = (as: Question['as']) => {
    const { headers, madeUp, ...assumed } =
      'kind' in as
        ? assumeKind(ground, as.kind, organization, now)
        : assumeCredential(ground, as.credential, organization, now)
    const head = {
      method: question.method,
      target: question.target,
      headers: ['host', 'gateway.invalid', ...headers],
    }
    return { decision: decide(assumed.ground, head, now), madeUp }
  }
  const asked = ask(question.as)
  const kinds = dependsOnCaller(asked.decision) ? assumedKinds : []
  return {
    outcome: asked.decision.kind,
    parameters: match ? parametersOf(match) : {},
    ...asked,
    steps: stepsOf(asked.decision, question, match, asked.madeUp),
    byKind: kinds.map((kind) => {
      const { decision } = ask({ kind })
      return { kind, outcome: decision.kind, code: codeOf(decision) }
    }),
  }
}

/** The route and its parameters, also of a path that has none for the method. Pure. */
export function matchOf(
  { directory }: Ground,
  { method, target }: Pick<Question, 'method' | 'target'>,
): Match | null {
  const read = readTarget(target)
  if (!read.ok) return null
  const routing = directory.router.find(method, read.segments)
  return routing.kind === 'none' ? null : routing.match
}

const codeOf = (decision: Decision) => (decision.kind === 'refuse' ? decision.problem.code : null)

const dependsOnCaller = (decision: Decision) =>
  decision.route !== null && decision.kind !== 'options' && codeOf(decision) !== 'method_not_allowed'
