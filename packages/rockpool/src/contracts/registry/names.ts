import { problem } from '../../kernel/index.ts'
import type { Finding } from '../../kernel/index.ts'
import type { PushName } from './types.ts'

/** Semantic Versioning 2.0.0, 2 and 9 to 11. */
export interface SemanticVersion {
  numbers: readonly [number, number, number]
  prerelease: readonly string[]
}

const number = String.raw`(0|[1-9]\d{0,8})`
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`
const semantic = new RegExp(
  String.raw`^v?${number}\.${number}\.${number}(?:-(${identifiers}))?(?:\+${identifiers})?$`,
)
const revision = /^[0-9a-f]{7,64}$/
const branch = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|[./](?![./]|$)){0,99}$/
const longest = 100

/** Null: it is none. A `v` before it is common, and no part of it. */
export function parseVersion(text: string): SemanticVersion | null {
  const found = text.length > longest ? null : semantic.exec(text)
  if (found === null) return null
  const [, major, minor, patch, prerelease] = found
  // Numbers in a prerelease have no zeros in front.
  const parts = prerelease?.split('.') ?? []
  if (parts.some((part) => /^0\d+$/.test(part))) return null
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease: parts }
}

/** By precedence; build metadata is no part of it. */
export function compareVersions(a: SemanticVersion, b: SemanticVersion): number {
  for (const [index, own] of a.numbers.entries()) {
    const difference = own - b.numbers[index]!
    if (difference !== 0) return difference
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length
  for (const [index, own] of a.prerelease.entries()) {
    const other = b.prerelease[index]
    if (other === undefined) return 1
    if (own !== other) return compareIdentifiers(own, other)
  }
  return a.prerelease.length - b.prerelease.length
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber && isOtherNumber) return a.length - b.length || (a < b ? -1 : 1)
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
  return a < b ? -1 : 1
}

/** Whether a version says that something breaks: another major version, before 1.0.0 another minor one. */
export function saysItBreaks(before: string, after: string): boolean {
  const [was, is] = [parseVersion(before), parseVersion(after)]
  if (was === null || is === null) return false
  if (is.numbers[0] !== was.numbers[0]) return is.numbers[0] > was.numbers[0]
  return was.numbers[0] === 0 && is.numbers[1] > was.numbers[1]
}

/** The least version that says so; null: the one before is none. */
export function nextBreaking(before: string): string | null {
  const was = parseVersion(before)
  if (was === null) return null
  const [major, minor] = was.numbers
  return major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`
}

/** The name that a push gets. `invalid_input` where what is asked for, or what the contract says, is none. */
export function nameOfPush(given: PushName | null, infoVersion: string): PushName {
  if (given?.kind === 'revision') {
    if (revision.test(given.name)) return given
    throw unnamed('revision', 'a git revision is 7 to 64 hexadecimal digits, in lower case')
  }
  const name = (given?.name ?? infoVersion).replace(/^v(?=\d)/, '')
  if (parseVersion(name) !== null) return { kind: 'version', name }
  if (given !== null) throw unnamed('version', 'a semantic version is three numbers, such as 1.2.0')
  const what =
    infoVersion === ''
      ? 'the contract has no info.version'
      : `info.version “${infoVersion.slice(0, 80)}” is no semantic version (such as 1.2.0)`
  throw unnamed('version', `${what}: name the push by a version, or by a git revision`)
}

function unnamed(path: string, message: string) {
  return problem('invalid_input', 'the push has no name', { findings: [{ path, message }] })
}

/** What is wrong with the name of a service or of a branch. */
export function nameFindings({
  service,
  branchName,
}: {
  service: string
  branchName?: string | undefined
}): Finding[] {
  const findings: Finding[] = []
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(service))
    findings.push({
      path: 'service',
      message: 'use lower-case letters, digits and dashes, beginning with a letter',
    })
  if (branchName !== undefined && !branch.test(branchName))
    findings.push({
      path: 'branch',
      message: 'use letters, digits, dots, dashes, _ and /, 100 at most, as git has them',
    })
  return findings
}

/** How one version of a service is asked for. */
export type Selector =
  | { by: 'latest' }
  | { by: 'production' }
  | { by: 'branch'; branch: string }
  | { by: 'address'; prefix: string }
  | { by: 'version'; name: string }
  /** The newest of a major version, or of a minor one. */
  | { by: 'newest'; numbers: readonly number[] }
  | { by: 'revision'; revision: string }

/** Reads what stands behind `@`. `invalid_input` with what can stand there. */
export function parseSelector(text: string): Selector {
  if (text === 'latest' || text === 'production') return { by: text }
  const [, kind, rest = ''] = /^(branch|sha256):(.*)$/s.exec(text) ?? []
  if (kind === 'branch' && branch.test(rest)) return { by: 'branch', branch: rest }
  if (kind === 'sha256' && /^[0-9a-f]{8,64}$/.test(rest)) return { by: 'address', prefix: text }
  const plain = text.replace(/^v(?=\d)/, '')
  if (parseVersion(plain) !== null) return { by: 'version', name: plain }
  if (/^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5}))?$/.test(plain))
    return { by: 'newest', numbers: plain.split('.').map(Number) }
  if (revision.test(text)) return { by: 'revision', revision: text }
  throw problem(
    'invalid_input',
    `“${text.slice(0, 80)}” names no version: write 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash> (8 digits of it are enough)`,
  )
}

/** Of names with their versions, the newest by precedence that is no prerelease, else the newest of all. */
export function newestOf<T extends { name: string }>(
  all: readonly T[],
  fits: (version: SemanticVersion) => boolean,
): T | undefined {
  const fitting = all
    .flatMap((each) => {
      const version = parseVersion(each.name)
      return version !== null && fits(version) ? [{ each, version }] : []
    })
    .sort((a, b) => compareVersions(b.version, a.version))
  return (fitting.find(({ version }) => version.prerelease.length === 0) ?? fitting[0])?.each
}
