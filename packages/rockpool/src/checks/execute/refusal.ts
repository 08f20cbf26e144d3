import { Problem } from '../../kernel/index.ts'

/**
 * What control says against a wish of a check, which has nobody but the check itself to blame.
 *
 * @throws what is no word of control's about the wish itself, such as that it cannot be reached
 */
export function refusalOf(error: unknown): { refused: string } {
  if (!(error instanceof Problem) || error.status >= 500) throw error
  const findings = error.findings.map(({ path, message }) => `${path.replace(/^body\./, '')} ${message}`)
  return { refused: findings.length > 0 ? findings.join('; ') : error.detail }
}
