import { readBundle, replay } from '../../contracts/index.ts'
import type { Contract, OperationFidelity } from '../../contracts/index.ts'
import type { Answer, ContractCheckOptions, Fixtures, Inside, OperationRequest } from '../authoring/types.ts'
import { near } from '../../kernel/light.ts'
import type { ContractOfRun } from '../mocks.ts'
import { Misuse } from './errors.ts'

import { Obstructed } from './obstructed.ts'

export type MockCheck = { service: string } & Required<
  Pick<ContractCheckOptions, 'except' | 'seed' | 'given'>
>

/**
 * Asks the service and its mock the same, tells control what came of it, and throws where the service breaks its contract.
 * What is told is told at once, after the last answer: a run that is cut off has told nothing.
 */
export async function runMockCheck(asked: MockCheck, fixtures: Fixtures, inside: Inside): Promise<void> {
  const { service, except, seed } = asked
  const { api, step, sandbox } = fixtures
  const operations = (api as Record<string, Record<string, Call> | undefined>)[service]!
  const { address, contract } = await step(`read the contract of ${service}`, () =>
    readContractOf(service, inside),
  )
  const given =
    typeof asked.given === 'function'
      ? await step('make what the requests need', async () => (asked.given as Given)(withoutMocks(fixtures)))
      : asked.given
  refuseUnknown(contract, { except, given: Object.keys(given) })

  const results = await replay({
    contract,
    organization: sandbox.organization,
    seed,
    except,
    given,
    async send({ operation: { method, path, id }, ...request }) {
      const route = Object.entries(inside.catalogue[service] ?? {}).find(
        ([, known]) => known.method.toUpperCase() === method && known.path === path,
      )
      if (route === undefined) return 'the gateway has no route for it'
      const { query, headers, body } = request
      return step(`${id}: ${method} ${path}`, () =>
        operations[route[0]]!({ path: request.path, query, headers, body }),
      )
    },
  })
  if (!results.some(({ result }) => result !== 'not tried'))
    throw new Obstructed(
      `no operation of ${service} could be tried: ${results[0]?.reason ?? 'it has none'}`,
      {
        retry: false,
      },
    )
  await step('tell how faithful the mock is', () => publish(service, { address, results }, inside))
  tell(results)
  const broken = results.filter(({ findings }) => findings.some(({ breaks }) => breaks))
  if (broken.length > 0) throw new Error(`${service} breaks its contract:\n${broken.map(lineOf).join('\n')}`)
}

type Call = (request: OperationRequest) => PromiseLike<Answer<unknown>>
type Given = Extract<ContractCheckOptions['given'], (...fixtures: never[]) => unknown>

async function readContractOf(
  service: string,
  inside: Inside,
): Promise<{ address: string; contract: Contract }> {
  const told = (await inside.ask('contract', { service }).catch((error: unknown) => {
    throw new Obstructed(`the contract of ${service} cannot be had: ${(error as Error).message}`, {
      retry: true,
    })
  })) as ContractOfRun
  const reading = readBundle({ main: told.main, files: told.files })
  if (reading.ok) return { address: told.address, contract: reading.contract }
  const first = reading.findings.find(({ level }) => level === 'error')
  throw new Obstructed(`the contract of ${service} cannot be read: ${first?.path} ${first?.message}`, {
    retry: false,
  })
}

/** @throws Misuse for operations that the author names and the contract does not have */
function refuseUnknown(contract: Contract, named: Record<'except' | 'given', readonly string[]>): void {
  const known = contract.operations.map(({ id }) => id)
  const unknown = Object.entries(named).flatMap(([option, ids]) =>
    ids
      .filter((id) => !known.includes(id))
      .map((id) => `${option} names “${id}”, which is no operation of the contract; ${near(id, known)}`),
  )
  if (unknown.length > 0) throw new Misuse(unknown.join('\n'))
}

async function publish(
  service: string,
  seen: { address: string; results: OperationFidelity[] },
  inside: Inside,
): Promise<void> {
  const answer = (await inside.ask('mock', { service, ...seen }).catch((error: unknown) => {
    throw new Obstructed(`control cannot be told: ${(error as Error).message}`, { retry: true })
  })) as { refused: string } | null
  if (answer !== null) console.log(`what was seen is not kept: ${answer.refused}`)
}

/** As evidence of the run. */
function tell(results: readonly OperationFidelity[]): void {
  const faithful = results.filter(({ result }) => result === 'faithful').length
  console.log(`${faithful} of ${results.length} operations are faithful`)
  for (const one of results) {
    if (one.result === 'differs') console.log(lineOf(one))
    if (one.result === 'not tried') console.log(`${one.operation} was not tried: ${one.reason}`)
  }
}

function lineOf({ operation, findings }: OperationFidelity): string {
  return `${operation}: ${findings.map(({ message }) => message).join('; ')}`
}

/** What answers here is told of the service: no mock may answer for it. */
function withoutMocks(fixtures: Fixtures): Fixtures {
  const refuse = () => Promise.reject(new Misuse('contract() asks services: nothing is mocked in it'))
  const sandbox = { ...fixtures.sandbox, mock: refuse, unmock: refuse }
  // The page stays what it is, also where there is none.
  const all = Object.getOwnPropertyDescriptors(fixtures)
  return Object.defineProperties({} as Fixtures, { ...all, sandbox: { value: sandbox, enumerable: true } })
}
