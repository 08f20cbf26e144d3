import { access, comment, quote } from './code.ts'
import type { Promised } from './document.ts'

/*
 * One check that runs unedited: a safe operation that needs nothing, asserting what its contract promises. One that asks
 * for a credential of the API's own can only be held to that: who shows none is refused.
 */

/** The operation to begin with; undefined where each needs something. Pure. */
export function pickOperation(operations: readonly Promised[]): Promised | undefined {
  const callable = operations.filter(({ method, needs }) => method === 'GET' && needs.length === 0)
  return callable.toSorted((a, b) => rank(a) - rank(b))[0]
}

/** The lower, the better a beginning; among equals the first of the document. */
function rank({ needsCredential, status, shape, path }: Promised): number {
  const segments = path.split('/').length
  return (needsCredential ? 100 : 0) + (status === null ? 40 : 0) + (shape ? 0 : 20) + Math.min(segments, 10)
}

const typeNames: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
}

/** The check's file. `source`: the document's name, for the comment. Pure. */
export function firstCheckText(
  service: string,
  promised: Promised,
  source: string,
  command = 'rockpool init',
): string {
  const { operationId, method, path, needsCredential } = promised
  const title = needsCredential
    ? `${service}: ${method} ${path} is refused without a credential`
    : `${service}: ${method} ${path} answers as its contract promises`
  const call = `api${access(service)}${access(operationId)}()`
  const asserted = needsCredential ? refusal : promiseLines(promised)
  return `import { check } from 'rockpool'

${comment(`Written by “${command}” from ${source}. It is yours: nothing writes it again.`)}
check(${quote(title)}, { every: '1m' }, async ({ api, step, expect }) => {
  const answer = await step(${quote(`call ${operationId}`)}, () => ${call})
${asserted.map((line) => `  ${line}`).join('\n')}
})
`
}

const refusal = [
  comment(
    'With a token: “rockpool check import” makes a check of a curl call, and keeps the token out of the file.',
  ),
  'expect(answer.status).toBeOneOf([401, 403])',
]

function promiseLines({ status, contentTypes, shape }: Promised): string[] {
  const lines = [
    status === null
      ? 'expect(answer.status).toBeLessThan(500)'
      : status === '2XX'
        ? 'expect(Math.floor(answer.status / 100)).toBe(2)'
        : `expect(answer.status).toBe(${status})`,
  ]
  const [type] = contentTypes
  if (contentTypes.length === 1 && type && !type.includes('*'))
    lines.push(`expect(answer.headers['content-type']).toContain(${quote(type)})`)
  if (shape?.type === 'array')
    lines.push(`expect(Array.isArray(answer.body), 'the body is a list').toBe(true)`)
  const members = shape?.type === 'array' ? [] : (shape?.required ?? []).slice(0, 8)
  for (const { name, type: memberType } of members) {
    const plain = memberType === null ? undefined : typeNames[memberType]
    const place = `answer.body${access(name)}`
    if (plain) lines.push(`expect(typeof ${place}, ${quote(`type of ${name}`)}).toBe(${quote(plain)})`)
    else if (memberType === 'array')
      lines.push(`expect(Array.isArray(${place}), ${quote(`${name} is a list`)}).toBe(true)`)
    else lines.push(`expect(${place}, ${quote(name)}).toBeDefined()`)
  }
  return lines
}
