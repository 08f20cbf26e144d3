import type { Answer } from '@rockpool/client/control'
import type { Shape } from '../components/verdict.tsx'
import { count } from '../format.ts'

export type MockFidelity = Answer<'GET /contracts/{service}/mock'>
export type SeenOperation = MockFidelity['items'][number]

const breaksContract = ({ findings }: Pick<SeenOperation, 'findings'>): boolean =>
  findings.some(({ breaks }) => breaks)

/** How the mock of an operation stands to its service, in a word and as a shape. Pure. */
export function standingOf(seen: Pick<SeenOperation, 'result' | 'findings'>): { says: string; shape: Shape } {
  if (seen.result === 'faithful') return { says: seen.result, shape: 'pass' }
  if (seen.result === 'not tried') return { says: seen.result, shape: 'none' }
  return breaksContract(seen)
    ? { says: 'the service breaks its contract', shape: 'fail' }
    : { says: seen.result, shape: 'unsure' }
}

const order: readonly Shape[] = ['fail', 'unsure', 'none', 'pass']

/** Operations that are not faithful, the worst first; beyond that as the contract has them. Pure. */
export function unfaithful(items: readonly SeenOperation[]): SeenOperation[] {
  const rank = (seen: SeenOperation) => order.indexOf(standingOf(seen).shape)
  return items.filter(({ result }) => result !== 'faithful').toSorted((one, other) => rank(one) - rank(other))
}

/** `12 of 14 operations faithful`, as the terminal says it. Pure. */
export const faithfulInWords = ({ faithful, operations }: Pick<MockFidelity, 'faithful' | 'operations'>) =>
  `${count(faithful)} of ${count(operations)} operations faithful`

/** Why an operation is not faithful, worst first: what breaks the contract, then the rest. Pure. */
export const reasonsOf = ({ reason, findings }: Pick<SeenOperation, 'reason' | 'findings'>): string[] => [
  ...(reason === null ? [] : [reason]),
  ...findings.filter(({ breaks }) => breaks).map(({ message }) => message),
  ...findings.filter(({ breaks }) => !breaks).map(({ message }) => message),
]
