import { handle, problem, type Handled } from '../../kernel/index.ts'
import type { Faults } from './faults.ts'
import { createFault, endFault, listFaults } from './operations.ts'

export interface FaultsOperationsOptions {
  faults: Faults
  /** The services behind the gateways, by name. */
  services: () => Promise<readonly { name: string }[]>
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
}

/** What the api part mounts. */
export function faultsOperations({ faults, services, settled }: FaultsOperationsOptions): Handled[] {
  return [
    handle(createFault, async ({ body, caller }) => {
      const names = (await services()).map(({ name }) => name)
      if (!names.includes(body.service))
        throw problem('not_found', `there is no service “${body.service}”; there are: ${names.join(', ')}`)
      const created = await faults.create({ ...body, createdBy: caller.member ?? caller.credential })
      await settled()
      return created
    }),

    handle(listFaults, async () => ({ items: await faults.list() })),

    handle(endFault, async ({ params }) => {
      await faults.end(params.fault)
      await settled()
    }),
  ]
}
