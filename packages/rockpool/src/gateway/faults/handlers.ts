import { handle, problem, type Caller, type Handled } from '../../kernel/index.ts'
import { effectOf } from './effect.ts'
import type { Fault, Faults } from './faults.ts'
import { createFault, endFault, listFaults } from './operations.ts'
import type { FaultOf } from './types.ts'

interface ServiceSight {
  name: string
  routes: readonly { operationId: string }[]
}

export interface FaultsOperationsOptions {
  faults: Faults
  /** The services behind the gateways. */
  services: () => Promise<readonly ServiceSight[]>
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
}

const mostListed = 100
const mostNamed = 20

/** What the api part mounts. */
export function faultsOperations({ faults, services, settled }: FaultsOperationsOptions): Handled[] {
  return [
    handle(createFault, async ({ body, caller }) => {
      const { service, operation = null, seconds, percent, ...effect } = body
      requireOperation(await services(), service, operation)
      const terms = { service, operation, seconds, percent, of: runOf(caller) }
      const createdBy = caller.member ?? caller.credential
      const created = await faults.create({ ...effectOf(effect), ...terms, createdBy })
      await settled()
      return toAnswer(created)
    }),

    handle(listFaults, async ({ caller }) => {
      const of = runOf(caller)
      const items = await faults.list({ limit: mostListed, ...(of && { run: of.run }) })
      return { items: items.map(toAnswer) }
    }),

    handle(endFault, async ({ params, caller }) => {
      await faults.end(params.fault, runOf(caller)?.run)
      await settled()
    }),
  ]
}

/** Whoever calls by a run's credential breaks things for that run alone, whatever else is asked for. */
function runOf({ kind, run, organization }: Caller): FaultOf | null {
  if (kind !== 'run') return null
  if (!run || organization === null) throw problem('scope_missing', 'this run has no sandbox of its own')
  return { run, organization }
}

function requireOperation(all: readonly ServiceSight[], name: string, operation: string | null): void {
  const service = all.find((one) => one.name === name)
  if (!service)
    throw problem(
      'not_found',
      `there is no service “${name}”; there are: ${all.map((one) => one.name).join(', ')}`,
    )
  const operations = service.routes.map(({ operationId }) => operationId)
  if (operation === null || operations.includes(operation)) return
  const more = operations.length > mostNamed ? ', …' : ''
  throw problem(
    'not_found',
    `${name} has no operation “${operation}”; there are: ${operations.slice(0, mostNamed).join(', ')}${more}`,
  )
}

function toAnswer({ of, ...fault }: Fault) {
  return { ...fault, run: of?.run ?? null, organization: of?.organization ?? null }
}
