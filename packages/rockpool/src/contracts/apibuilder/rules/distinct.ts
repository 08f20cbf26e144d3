import { shorten } from '../nodes.ts'
import type { Report } from '../nodes.ts'

const validName = /^[a-zA-Z_][a-zA-Z0-9\-_.]*$/

/** Names begin with a letter or `_`, and are made of letters, digits, `-`, `_` and `.`. */
export function isLegalName(name: string): boolean {
  return validName.test(name)
}

/** Tells a name that is none. */
export function checkName(report: Report, at: object, name: string, what: string): void {
  if (!isLegalName(name))
    report.broken(
      at,
      `${what} “${shorten(name)}” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”`,
    )
}

/** Tells each name that stands before, whatever its capitals: `userId`, `user_id` and `USER_ID` are one. */
export function checkDistinct(
  report: Report,
  named: readonly { at: object; name: string }[],
  what: string,
): void {
  const seen = new Set<string>()
  for (const { at, name } of named) {
    const plain = plainName(name)
    if (seen.has(plain)) report.broken(at, `${what} “${shorten(name)}” stands here more than once`)
    seen.add(plain)
  }
}

/** What names have in common that are taken for one. */
export function plainName(name: string): string {
  if (name === name.toUpperCase()) return name.toLowerCase()
  return name.replaceAll(/(?!^)(?<!_)[A-Z]/g, '_$&').toLowerCase()
}
