import type { Ignored, LintFinding, LintSettings } from './types.ts'

/** Without what somebody decided to live with. What is ignored and no longer found is told, so that the list stays short. Pure. */
export function withoutIgnored(findings: readonly LintFinding[], { ignored }: LintSettings): LintFinding[] {
  const used = new Set<Ignored>()
  const left = findings.filter((finding) => {
    // What keeps a contract from being used cannot be lived with.
    const found = finding.rule === 'reader' ? undefined : ignored.find((one) => covers(one, finding))
    if (found !== undefined) used.add(found)
    return found === undefined
  })
  const idle = ignored.filter((one) => !used.has(one))
  return [
    ...left,
    ...idle.map(({ rule, at, origin }): LintFinding => ({
      rule: 'ignored',
      level: 'warning',
      path: origin.pointer,
      message: `nothing is found any more by ${rule} at ${at}: take it away`,
      file: origin.file,
      line: origin.line,
    })),
  ]
}

/** Somebody decided to live with it. */
export function isIgnored(finding: LintFinding, { ignored }: LintSettings): boolean {
  return ignored.some((one) => covers(one, finding))
}

function covers({ rule, at, file }: Ignored, finding: LintFinding): boolean {
  if (rule !== finding.rule) return false
  if (file !== null && finding.file !== file && !finding.file?.endsWith(`/${file}`)) return false
  return at === '' || finding.path === at || finding.path.startsWith(`${at}/`)
}
