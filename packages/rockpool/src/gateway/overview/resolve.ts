import { decide } from '../decision.ts'
import type { Decision } from '../decision.ts'
import type { Ground } from '../ground.ts'
import { namedRoutings, routingFor } from '../mocks/routing.ts'
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
  const asked = askedOf(ground, question)
  const named = namedIn(ground, asked)
  const organization = question.organization ?? named.slug
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
  const told = ask(question.as)
  const match = asked && matchFor(ground, asked, told.decision)
  // That a mock has such a route depends on who asks, too.
  const kinds = dependsOnCaller(told.decision) || named.isMocked ? assumedKinds : []
  return {
    outcome: told.decision.kind,
    parameters: match ? parametersOf(match) : {},
    ...told,
    steps: stepsOf(told.decision, question, match, told.madeUp),
    byKind: kinds.map((kind) => {
      const { decision } = ask({ kind })
      return { kind, outcome: decision.kind, code: codeOf(decision) }
    }),
  }
}

/** The organization that the path names, by a service's route or by one of a mock in that sandbox; undefined: none. Pure. */
export function organizationNamedIn(ground: Ground, question: Pick<Question, 'method' | 'target'>) {
  return namedIn(ground, askedOf(ground, question)).slug
}

function askedOf({ directory }: Ground, { method, target }: Pick<Question, 'method' | 'target'>) {
  const read = readTarget(target)
  if (!read.ok) return null
  return { method, segments: read.segments, usual: directory.router.find(method, read.segments) }
}

function namedIn({ directory }: Ground, asked: ReturnType<typeof askedOf>) {
  if (asked === null) return { slug: undefined, isMocked: false }
  for (const [slug] of namedRoutings(directory, asked)) return { slug, isMocked: true }
  const { usual } = asked
  const slug = usual.kind === 'none' ? undefined : parameterOf(usual.match, 'organization')
  return { slug, isMocked: false }
}

/** The route and its parameters, also of a path that has none for the method, as they are for whoever acts. */
function matchFor(
  { directory }: Ground,
  asked: NonNullable<ReturnType<typeof askedOf>>,
  { identity }: Decision,
): Match | null {
  const routing = routingFor(directory, identity, asked) ?? asked.usual
  return routing.kind === 'none' ? null : routing.match
}

const codeOf = (decision: Decision) => (decision.kind === 'refuse' ? decision.problem.code : null)

const dependsOnCaller = (decision: Decision) =>
  decision.route !== null && decision.kind !== 'options' && codeOf(decision) !== 'method_not_allowed'
