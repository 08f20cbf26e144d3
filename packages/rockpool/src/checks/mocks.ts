import { z } from 'zod'
import { contractAddress, operationFidelity } from '../contracts/index.ts'
import type { Bundle, MockFidelities } from '../contracts/index.ts'
import { handle, operation, problem } from '../kernel/index.ts'
import type { Handled } from '../kernel/index.ts'
import { reachedBy } from './access.ts'
import type { Runs } from './runs/runs.ts'

const params = z.strictObject({ run: z.string().min(1).max(80), service: z.string().min(1).max(80) })

const contractOfRun = z.object({
  address: contractAddress,
  main: z.string().describe('name of the file that the others are led to from'),
  files: z.record(z.string(), z.string()),
})
export type ContractOfRun = z.infer<typeof contractOfRun>

const mockOfRun = z.strictObject({
  address: contractAddress.describe('of the contract that both were asked by'),
  results: z.array(operationFidelity).min(1).max(10_000),
})
export type MockOfRun = z.infer<typeof mockOfRun>

export const readContractOfRun = operation({
  id: 'checks.readContract',
  method: 'GET',
  path: '/runs/{run}/contracts/{service}',
  summary: 'Read the contract of a service, as it runs, for a run that asks the service by it',
  scope: 'write',
  organizationBound: true,
  params,
  answers: { 200: contractOfRun },
})

/** For whoever executes runs of the whole installation: what is told is told of a service, and to everybody. */
export const publishMockOfRun = operation({
  id: 'checks.publishMock',
  method: 'PUT',
  path: '/runs/{run}/mocks/{service}',
  summary: 'Tell how faithful the mock of a service is, as a run that is under way saw it',
  description: 'It takes the place of what was known of the service’s mock.',
  scope: 'write',
  params,
  body: mockOfRun,
  answers: { 204: null },
})

/** The contract that a service runs with; undefined: there is no such service, or its contract cannot be read. */
export type ContractOf = (service: string) => Promise<{ address: string; bundle: Bundle } | undefined>

/** What the api part mounts, and the runner's routes. */
export function runMocksOperations(options: {
  runs: Pick<Runs, 'get'>
  contractOf: ContractOf
  fidelities: Pick<MockFidelities, 'publish'>
}): Handled[] {
  const { runs, contractOf, fidelities } = options
  const contractIn = async (service: string) => {
    const found = await contractOf(service)
    if (found === undefined) throw problem('not_found', `there is no contract of a service “${service}”`)
    return found
  }
  return [
    handle(readContractOfRun, async ({ params: { run, service }, caller }) => {
      reachedBy(caller, run, await runs.get(run))
      const { address, bundle } = await contractIn(service)
      return { address, ...bundle }
    }),

    handle(publishMockOfRun, async ({ params: { run, service }, body }) => {
      const { kind, endedAt } = await runs.get(run)
      if (kind !== 'check')
        throw problem('conflict', `the run ${run} is of a ${kind}, which works in production`)
      if (endedAt !== null) throw problem('conflict', `the run ${run} has ended`)
      await contractIn(service)
      await fidelities.publish({ service, run, ...body })
    }),
  ]
}
