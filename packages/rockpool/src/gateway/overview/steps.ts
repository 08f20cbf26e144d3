import type { Decision } from '../decision.ts'
import type { Match } from '../router.ts'

/** The steps of a decision, in its order. What a gateway counts besides (budget, rates) comes before the contract, which the bodies of calls have a say in. */
export const stepNames = [
  'path',
  'route',
  'credential',
  'organization',
  'upstream',
  'fault',
  'contract',
] as const
export type StepName = (typeof stepNames)[number]

export interface Step {
  step: StepName
  is: 'passed' | 'refused' | 'not reached'
  /** What was found, or why it is refused; '' where it is not reached. */
  text: string
}

/** Where a refusal belongs, as far as its code tells it; the first that fits. */
const refusedAt: readonly [StepName, RegExp][] = [
  [
    'path',
    /^(malformed_request|request_timeout|path_refused|upgrade_refused|upgrade_version|headers_too_large)$/,
  ],
  ['route', /^(route_unknown|method_not_allowed)$/],
  ['credential', /^(credential_|identity_|origin_refused$|gateway_cut_off$)/],
  ['organization', /^(organization_|environment_)/],
  ['fault', /^fault_injected$/],
]

/** A decision told step by step: passed, refused here, not reached. Pure. */
export function stepsOf(
  decision: Decision,
  { method, target }: { method: string; target: string },
  match: Match | null,
  madeUp: string | null,
): Step[] {
  const at = decision.kind === 'refuse' ? placeOf(decision.problem.code) : undefined
  // What is served for OPTIONS is told without asking who calls.
  const end = decision.kind === 'options' ? 2 : at === undefined ? stepNames.length : stepNames.indexOf(at)
  return stepNames.map((step, index): Step => {
    if (step === at && decision.kind === 'refuse') {
      const { code, detail } = decision.problem
      return { step, is: 'refused', text: `${code}: ${detail}` }
    }
    if (index >= end) return { step, is: 'not reached', text: '' }
    return { step, is: 'passed', text: textOf(step, decision, { method, target }, match, madeUp) }
  })
}

const placeOf = (code: string): StepName => refusedAt.find(([, codes]) => codes.test(code))?.[0] ?? 'upstream'

function textOf(
  step: StepName,
  decision: Decision,
  { method, target }: { method: string; target: string },
  match: Match | null,
  madeUp: string | null,
): string {
  const { route, service, credential, organization, identity } = decision
  if (step === 'path')
    return `${method} ${decision.kind === 'forward' ? decision.path : target.split('?')[0]!}`
  if (step === 'route')
    return route === null ? '' : `${service}: ${route.method} ${route.path} (${route.operationId})`
  if (step === 'credential') {
    if (credential === null) return match?.route.anonymous ? 'none is needed here' : 'none'
    const name = credential.id === 'made-up' ? 'made up for this' : credential.id
    return `${credential.kind} (${name})`
  }
  if (step === 'organization') {
    if (organization === null) return 'none is named: forwarded without an identity'
    const name = organization.slug === madeUp ? 'any' : organization.slug
    return `${name}, ${organization.environment}, ${organization.status}; acts as ${identity?.actor ?? 'nobody'}`
  }
  if (step === 'contract')
    return decision.kind === 'forward' && decision.mock !== null
      ? `the mock judges by ${decision.mock.version}`
      : heldTo(route)
  if (step === 'fault') {
    const { delayMs, suffered } = decision.kind === 'forward' ? decision : { delayMs: 0, suffered: null }
    const told = delayMs === 0 ? [] : [`it is slow on purpose: ${delayMs} ms`]
    if (suffered !== null && suffered.spoiled !== null) told.push('its answer is spoiled on purpose')
    return told.length === 0 ? 'nothing is broken on purpose for it' : told.join('; ')
  }
  if (decision.kind !== 'forward') return `${service} runs`
  const { release, deadlineMs, mock } = decision
  if (mock !== null) return `a mock of ${service} ${mock.version} answers; ${deadlineMs} ms for its answer`
  return `${release === null ? `${service} runs` : `release ${release} of ${service}`}; ${deadlineMs} ms for its answer`
}

/** What of such calls is held against the contract. */
function heldTo(route: Decision['route']): string {
  const { requests = 'off', responses = 0, coerce = false } = route?.validation ?? {}
  const told = {
    refuse: 'what does not keep to it is refused (422)',
    report: 'what does not keep to it goes through, and is counted',
    off: 'requests are not held against it',
  }
  const values = coerce && requests === 'refuse' ? '; values of other types are given its own' : ''
  const answers = responses === 0 ? '' : `; of answers a share of ${responses} is held against it`
  return told[requests] + values + answers
}
