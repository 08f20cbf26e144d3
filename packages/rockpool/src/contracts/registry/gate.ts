import type { Finding } from '../../kernel/index.ts'
import { operationText, ruleOf, sentenceOf, trafficOf, weightOf, weights } from '../differences/index.ts'
import type { Difference, Weights } from '../differences/index.ts'
import { nextBreaking, saysItBreaks } from './names.ts'
import type { Approval, Base, Break, PushResult, Refusal } from './types.ts'

/** What a push changes against one of its bases. */
export interface Compared {
  base: Base
  differences: readonly Difference[]
}

/** Of all bases together, each difference once. Pure. */
export function allDifferences(compared: readonly Compared[]): Difference[] {
  const all = compared.flatMap(({ differences }) => differences)
  return [...new Map(all.map((difference) => [difference.fingerprint, difference])).values()]
}

/**
 * What breaks callers on the wire without that the version says so, each with the approval that lets it pass. The push is
 * refused where one has none. Pure.
 */
export function breaksOf(
  version: string,
  compared: readonly Compared[],
  approvals: readonly Pick<Approval, 'id' | 'fingerprint'>[],
): { difference: Difference; approval: string | null }[] {
  const unsaid = compared.filter(({ base }) => !saysItBreaks(base.name, version))
  return allDifferences(unsaid)
    .filter(({ wire }) => wire === 'breaks')
    .map((difference) => {
      const approval = approvals.find(({ fingerprint }) => difference.fingerprint.startsWith(fingerprint))
      return { difference, approval: approval?.id ?? null }
    })
}

/** How many of which weight. Pure. */
export function countsOf(differences: readonly Difference[]): Record<string, number> {
  const counts = weights.map((weight): [string, number] => [
    weight,
    differences.filter((each) => weightOf(each) === weight).length,
  ])
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

const mostUses = 3

/** Some of the operations that meet it, and how many there are. Pure. */
export function toUses({ uses }: Pick<Difference, 'uses'>): Pick<Break, 'uses' | 'usesInAll'> {
  const names = uses.slice(0, mostUses).map((use) => operationText(use.operation))
  return { uses: names, usesInAll: uses.length }
}

const show = (text: string) => text

/** As it is told to whoever pushes. */
export function toBreak(
  { difference, approval }: { difference: Difference; approval: string | null },
  weights: Weights | undefined,
): Break {
  const { fingerprint, rule, operation, place, before, after } = difference
  const origin = after ?? before
  return {
    fingerprint,
    rule,
    operation: operation === null ? null : operationText(operation),
    place,
    sentence: sentenceOf(difference, show),
    ...toUses(difference),
    advice: ruleOf(rule).advice,
    file: origin?.file ?? null,
    line: origin?.line ?? null,
    traffic: weights?.get(fingerprint) ?? null,
    met: trafficOf(difference, weights, show),
    approval,
  }
}

/** Digits of a fingerprint that name it. */
export const shortFingerprint = 16

/** The refusal of a push: what breaks, for whom, and what can be done. Pure. */
export function refusalOf(
  service: string,
  version: string,
  result: Pick<PushResult, 'breaks' | 'openBreaks' | 'comparedWith'>,
): Refusal {
  const count = result.openBreaks
  const open = result.breaks.filter(({ approval }) => approval === null)
  const bases = result.comparedWith.map(({ name, because, release }) => {
    if (because === 'earlier') return `${service}@${name}`
    return `${service}@${name}, which runs in production${release === null ? '' : ` as ${release}`}`
  })
  const rising = result.comparedWith.map(({ name }) => nextBreaking(name)).filter((next) => next !== null)
  const ways = [
    'keep it compatible',
    ...(rising.length > 0 ? [`push it as ${rising.at(-1)} or above`] : []),
    'or have each approved',
  ]
  return {
    detail: `${service}@${version} breaks callers of ${bases.join(' and of ')}, in ${count} ${count === 1 ? 'way' : 'ways'}: ${ways.join(', ')}`,
    findings: open.map(toFinding),
  }
}

function toFinding({ operation, place, sentence, rule, file, line, ...found }: Break): Finding {
  const lines = [
    `${sentence} (${rule})`,
    ...metBy({ operation, ...found }),
    ...(found.advice === null ? [] : [found.advice]),
    `to approve it: ${found.fingerprint.slice(0, shortFingerprint)}`,
  ]
  return {
    path: operation === null ? place : `${operation} ${place}`,
    message: lines.join('\n'),
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
  }
}

/** For whom it breaks, as far as that is known. */
function metBy({
  operation,
  uses,
  usesInAll,
  met,
}: Pick<Break, 'operation' | 'uses' | 'usesInAll' | 'met'>): string[] {
  const more = usesInAll > uses.length ? ` and ${usesInAll - uses.length} more` : ''
  const operations = operation === null && uses.length > 0 ? [`met by ${uses.join(', ')}${more}`] : []
  return met === null ? operations : [...operations, met]
}
