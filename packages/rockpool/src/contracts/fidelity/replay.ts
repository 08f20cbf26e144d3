import { isObject } from '../json-object.ts'
import { createMockFetch } from '../mocks/index.ts'
import { createSampler } from '../samples/index.ts'
import type { Contract, Operation } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { judgeStep, notTried } from './judge.ts'
import { NotMade } from '../sending/made.ts'
import { createMockSender } from './mock-sender.ts'
import { planSteps } from './plan.ts'
import type { PlannedStep } from './plan.ts'
import { createRequestMaker } from './requests.ts'
import type { FidelityRequest, Given, OperationFidelity, SeenAnswer } from './types.ts'

export interface ReplayOptions {
  contract: Contract
  /** Where the service is asked; the mock answers for the same. */
  organization: string
  /** Another seed, other requests. */
  seed?: string
  /** Operations that are left out. */
  except?: readonly string[]
  /** What requests need and cannot be made up, by operation. */
  given?: Readonly<Record<string, Given>>
  /** Sends a request to the service; a text: why it cannot be sent. */
  send: (request: FidelityRequest) => Promise<SeenAnswer | string>
}

/**
 * Sends one request for each operation to the service and to the mock, and tells for each how faithful the mock is, in the
 * contract's order. What operations need of each other flows from answers into the requests behind them: the service's ids
 * into its own, the mock's into its. Rejects with what `send` rejects with: then nothing is said.
 */
export async function replay(options: ReplayOptions): Promise<OperationFidelity[]> {
  const { contract, organization, seed = '', except = [], given = {} } = options
  const maker = createRequestMaker(
    contract,
    createSampler(contract, { seed, validator: createValidator(contract, { direction: 'request' }) }),
  )
  const validator = createValidator(contract, { direction: 'response' })
  const sendToMock = createMockSender(createMockFetch(contract, { seed, organization }))
  const ids = { real: new Map<string, string>(), mock: new Map<string, string>() }
  const results = new Map<string, OperationFidelity>()

  async function tryStep(step: PlannedStep): Promise<OperationFidelity> {
    const { operation } = step
    const own = Object.hasOwn(given, operation.id) ? given[operation.id]! : {}
    const request = maker.make(step, { ids: ids.real, organization, given: own })
    const real = await options.send(request)
    if (typeof real === 'string') return notTried(operation, real)
    // What the mock did not make it is asked for by the service's id: then it says that there is none.
    const itsIds = [...step.ids].map(
      ([name, { path }]) => [path, ids.mock.get(path) ?? request.path[name]!] as const,
    )
    const asked = maker.make(step, { ids: new Map(itsIds), organization, given: withoutIds(own, step) })
    const mock = await sendToMock(asked)
    remember(step, request, real, ids.real)
    remember(step, asked, mock, ids.mock)
    return judgeStep({ contract, operation, validator }, request, real, mock)
  }

  for (const step of planSteps(contract)) {
    const { operation } = step
    const reason = except.includes(operation.id) ? 'the check leaves it out' : reasonAgainst(operation)
    const result =
      reason === null
        ? await tryStep(step).catch((error: unknown) => {
            if (error instanceof NotMade) return notTried(operation, error.message)
            throw error
          })
        : notTried(operation, reason)
    results.set(operation.id, result)
  }
  return contract.operations.map(({ id }) => results.get(id)!)
}

function reasonAgainst({ method, responses }: Operation): string | null {
  if (['TRACE', 'CONNECT', 'TRACK'].includes(method)) return `${method} is never routed`
  const isStream = responses.some(({ status, content }) => {
    const streams = content.some(
      ({ name, itemSchema }) => itemSchema !== null || /^text\/event-stream/i.test(name),
    )
    return status.startsWith('2') && streams
  })
  return isStream ? 'it streams, and has no end' : null
}

/** The mock knows its own items, and none that the author named. */
function withoutIds(given: Given, { ids }: PlannedStep): Given {
  const path = Object.entries(given.path ?? {}).filter(([name]) => !ids.has(name))
  return { ...given, path: Object.fromEntries(path) }
}

/** Keeps the id of what a request made. */
function remember(
  { makes, use, operation }: PlannedStep,
  { path }: FidelityRequest,
  { status, headers, body }: SeenAnswer,
  ids: Map<string, string>,
): void {
  if (makes === null || use === null || status < 200 || status > 299) return
  const { path: collection, idMember } = use.resource
  const id = isObject(body) ? body[idMember] : undefined
  if (makes === 'by path') ids.set(collection, path[/\{([^{}]+)\}$/.exec(operation.path)![1]!]!)
  else if (typeof id === 'string' || typeof id === 'number') ids.set(collection, String(id))
  else if (headers['location']) {
    const [way = ''] = headers['location'].split(/[?#]/)
    const last = way.split('/').at(-1) ?? ''
    if (last !== '') ids.set(collection, decoded(last))
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
