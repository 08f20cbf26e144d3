import type { Call } from './waterfall.ts'

/** A request as one would write it down: its first line, its headers, its body. Pure. */
export function requestText({ method, url, request }: Call): string {
  return [`${method} ${pathOf(url)}`, ...headerLines(request.headers), ...bodyLines(request)].join('\n')
}

/** The answer's headers and body. Pure. */
export function answerText({ answer, error }: Call): string {
  if (!answer) return error ?? 'there was no answer'
  return [...headerLines(answer.headers), ...bodyLines(answer)].join('\n')
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url)
    return pathname + search
  } catch {
    return url
  }
}

const headerLines = (headers: Record<string, string>): string[] =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)

function bodyLines({ body, cut }: { body?: unknown; cut: number | null }): string[] {
  if (body === undefined) return []
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  return ['', text, ...(cut === null ? [] : [`… cut: the body has ${cut} characters`])]
}

/** `200 in 21 answers`, `200 × 18, 503 × 3`. Pure. */
export function answersWords({ poll }: Call): string | undefined {
  if (!poll) return undefined
  const statuses = Object.entries(poll.statuses)
  const [only] = statuses
  if (statuses.length === 1 && only)
    return `${only[0]} in ${poll.answers === 1 ? 'the one answer' : `all of ${poll.answers} answers`}`
  return statuses.map(([status, count]) => `${status} × ${count}`).join(', ')
}
