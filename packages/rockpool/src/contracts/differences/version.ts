import type { Comparison } from './types.ts'

/** Semantic Versioning 2.0.0, 2, as far as the three numbers go; a `v` before it is common. */
const form = /^v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:[-+].*)?$/

/** Says whether the version tells what is told of the contracts. @param isBroken something was found that breaks the wire */
export function compareVersions({ before, after, add }: Comparison, isBroken: boolean): void {
  const change = isBroken ? versionChange(before.version, after.version) : null
  if (change === null) return
  add({
    rule: change,
    operation: null,
    place: 'version',
    details: { before: before.version, after: after.version },
    before: { at: before, member: 'version' },
    after: { at: after, member: 'version' },
  })
}

/** The rule that a version breaks that does not rise as it ought to. */
export function versionChange(before: string, after: string): string | null {
  if (before === '' && after === '') return null
  if (before === after) return 'api-version-not-bumped'
  const [was, is] = [numbersOf(before), numbersOf(after)]
  if (was === null || is === null) return null
  const step = was.findIndex((number, index) => number !== is[index])
  if (step >= 0 && is[step]! < was[step]!) return 'api-version-decreased'
  // Before 1.0.0 the minor version stands for what breaks.
  const major = was[0] === 0 ? 1 : 0
  return step === -1 || step > major ? 'api-major-version-not-bumped' : null
}

function numbersOf(version: string): number[] | null {
  const found = form.exec(version)
  return found === null ? null : found.slice(1).map(Number)
}
