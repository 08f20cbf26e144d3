import { formOf } from '../validation/pattern/pattern.ts'
import type { Findings } from '../findings.ts'
import type { JsonObject } from '../types.ts'

/** What is longer is judged by nobody. */
const mostLength = 20_000

/** A pattern is of ECMA 262. Ruby, Perl and others end a text by \A and \z, which are letters there. */
export function applyPattern(draft: Record<string, unknown>, node: JsonObject, findings: Findings): void {
  const given = draft['pattern']
  if (typeof given !== 'string' || given.length > mostLength) return
  const begun = given.startsWith('\\A') ? `^${given.slice(2)}` : given
  const pattern = endsText(begun) ? `${begun.slice(0, -2)}$` : begun
  if (pattern !== given)
    findings.warning(
      node,
      '\\A and \\z are no ends of a text in ECMA 262: here they are taken for ^ and $',
      'pattern',
    )
  if (formOf(pattern) === null)
    findings.warning(node, 'it is no regular expression of ECMA 262: nothing is refused by it', 'pattern')
  draft['pattern'] = pattern
}

/** By `\z` or `\Z`, and not by a letter behind a backslash that is one itself. */
function endsText(source: string): boolean {
  if (!/\\[zZ]$/.test(source.slice(-2))) return false
  let slashes = 0
  while (source[source.length - 2 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
