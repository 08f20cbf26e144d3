import type { SecurityRequirement } from '../types.ts'
import { byText, without } from './pairing.ts'

/** More pairs of alternatives than this are compared of no operation. */
const mostCompared = 100_000

/** What lets a caller in, of which one suffices. Where nothing is asked for, nothing suffices. */
export function alternativesOf(requirements: readonly SecurityRequirement[]): readonly SecurityRequirement[] {
  return requirements.length === 0 ? [{}] : requirements
}

/** The first credentials, by their text, that were enough before and are no longer; null: all still are. */
export function refusedSince(
  before: readonly SecurityRequirement[],
  after: readonly SecurityRequirement[],
): SecurityRequirement | null {
  const enough = new Set(after.map(textOf))
  const inDoubt = before.filter((one) => !enough.has(textOf(one))).toSorted(byText(textOf))
  if (inDoubt.length * after.length > mostCompared) return inDoubt[0] ?? null
  return inDoubt.find((one) => !after.some((other) => suffices(one, other))) ?? null
}

/** Who has these credentials has what the other asks for. */
function suffices(credentials: SecurityRequirement, asked: SecurityRequirement): boolean {
  return Object.entries(asked).every(([scheme, scopes]) => {
    if (!Object.hasOwn(credentials, scheme)) return false
    return without(scopes, credentials[scheme]!).length === 0
  })
}

/** Such as `key and oauth (read, write)`; the same for requirements that are the same. */
export function textOf(requirement: SecurityRequirement): string {
  const schemes = Object.entries(requirement).map(([scheme, scopes]) =>
    scopes.length === 0 ? scheme : `${scheme} (${scopes.toSorted().join(', ')})`,
  )
  return schemes.length === 0 ? 'no credential' : schemes.toSorted().join(' and ')
}

/** Such as `key, or oauth (read)`. */
export function textOfAll(requirements: readonly SecurityRequirement[]): string {
  return [...new Set(requirements.map(textOf))].toSorted().join(', or ')
}
