import type { Contract } from '../types.ts'
import { compareContracts } from './contract.ts'
import { differenceOf, inOrder } from './difference.ts'
import { ruleOf } from './rules.ts'
import { compareSchemas } from './schemas/compare.ts'
import type { Comparison, Difference, Found, Policy } from './types.ts'
import { compareVersions } from './version.ts'

/** No notice is asked for, and sunsets are held against no day. */
export const noPolicy: Policy = { today: null, noticeDays: { stable: 0, beta: 0 } }

/** All that is different between two versions of a contract, in a stable order. Pure: the policy says what day it is. */
export function differencesOf(before: Contract, after: Contract, policy: Policy = noPolicy): Difference[] {
  const found: Found[] = []
  const add = (each: Found): void => void found.push(each)
  const schemas = compareSchemas(before, after, policy)
  const comparison: Comparison = { before, after, policy, add, schemas: schemas.compare }
  compareContracts(comparison)
  schemas.finish(add)
  const isBroken = found.some(({ rule }) => ruleOf(rule).wire !== 'keeps')
  compareVersions(comparison, isBroken)
  // What two members of one list differ in alike is one difference.
  const differences = new Map(found.map(differenceOf).map((each) => [each.fingerprint, each]))
  return [...differences.values()].sort(inOrder)
}
