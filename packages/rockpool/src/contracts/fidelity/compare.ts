import { isJson } from '../mocks/negotiate.ts'
import { responseFor } from '../mocks/responses.ts'
import type { Contract, MediaType, Operation, Response } from '../types.ts'
import { ruleOf } from '../validation/run.ts'
import type { Validator } from '../validation/index.ts'
import { placeOf } from './schema-places.ts'
import { shapeOf } from './shape.ts'
import type { FidelityFinding, SeenAnswer } from './types.ts'

const mostFindings = 20
const longestMessage = 300

export interface Comparing {
  contract: Contract
  operation: Operation
  /** Of responses. */
  validator: Validator
}

/**
 * How what a service answers differs from what its mock does: what the contract forbids first, then what it allows and only
 * one of both has. None: the mock is faithful. Of values nothing is told. Pure.
 */
export function compareAnswers(comparing: Comparing, real: SeenAnswer, mock: SeenAnswer): FidelityFinding[] {
  const broken = judgeAnswer(comparing, real)
  const findings = [...broken, ...differences(comparing, real, mock, broken)]
  return findings
    .slice(0, mostFindings)
    .map((finding) => ({ ...finding, message: finding.message.slice(0, longestMessage) }))
}

/** What of a service's answer its contract forbids. Pure. */
export function judgeAnswer(comparing: Comparing, { status, headers, body }: SeenAnswer): FidelityFinding[] {
  const { operation } = comparing
  const response = responseFor(operation.responses, status)?.response
  if (response === undefined) {
    const declared = operation.responses.map((one) => one.status).join(', ') || 'no status'
    return [breach('status', '', `answers ${status}; the contract declares ${declared}`)]
  }
  const findings = response.headers
    .filter(({ name, required }) => required && headers[name.toLowerCase()] === undefined)
    .map(({ name }) => breach('header', name, `the header ${name} is missing`))
  if (!hasBody(operation, status) || response.content.length === 0) return findings
  const media = mediaOf(response, headers)
  if (media === undefined) {
    const declared = response.content.map(({ name }) => name).join(', ')
    return [
      ...findings,
      breach('media type', '', `answers ${typeOf(headers)}; the contract declares ${declared}`),
    ]
  }
  return isJsonAnswer(media, headers) ? [...findings, ...judgeBody(comparing, media, body)] : findings
}

function judgeBody(
  { contract, validator }: Comparing,
  { schema }: MediaType,
  body: unknown,
): FidelityFinding[] {
  const findings = new Map<string, FidelityFinding>()
  for (const violation of validator.validate(schema, body === undefined ? null : body)) {
    const place = placeOf(contract, schema, body, violation.pointer)
    const rule = ruleOf(violation)
    findings.set(`${place} ${rule}`, breach('body', place, `${place || 'the body'} ${rule}`))
  }
  return [...findings.values()]
}

function differences(
  { contract, operation }: Comparing,
  real: SeenAnswer,
  mock: SeenAnswer,
  broken: readonly FidelityFinding[],
): FidelityFinding[] {
  if (real.status !== mock.status) {
    if (broken.some(({ what }) => what === 'status')) return []
    return [difference('status', '', `answers ${real.status}, the mock ${mock.status}`)]
  }
  const response = responseFor(operation.responses, real.status)?.response
  if (response === undefined || !hasBody(operation, real.status)) return []
  if (response.content.length === 0)
    return real.body === undefined
      ? []
      : [difference('body', '', 'answers a body; the contract declares none')]
  const media = mediaOf(response, real.headers)
  if (media === undefined) return []
  const [type, mocked] = [typeOf(real.headers), typeOf(mock.headers)]
  if (type !== mocked) return [difference('media type', '', `answers ${type}, the mock ${mocked}`)]
  return isJsonAnswer(media, real.headers) ? fieldsThatDiffer(contract, media, { real, mock, broken }) : []
}

function fieldsThatDiffer(
  contract: Contract,
  { schema }: MediaType,
  { real, mock, broken }: { real: SeenAnswer; mock: SeenAnswer; broken: readonly FidelityFinding[] },
): FidelityFinding[] {
  const [ours, theirs] = [shapeOf(contract, schema, real.body), shapeOf(contract, schema, mock.body)]
  const isTold = (place: string) => broken.some(({ at }) => at === place)
  // Only where both have the object that it would stand in; so nothing is told of what stands below it either.
  const onlyIn = (one: typeof ours, other: typeof ours) =>
    [...one.members].filter(
      ([place, { parent }]) => other.objects.has(parent) && !other.members.has(place) && !isTold(place),
    )
  return [
    ...onlyIn(theirs, ours).map(([place]) =>
      difference('field', place, `${place} is in the mock’s answer alone`),
    ),
    ...onlyIn(ours, theirs).map(([place, { isDeclared }]) =>
      difference(
        'field',
        place,
        isDeclared
          ? `${place} is in the service’s answer, not in the mock’s`
          : `${place} is in the service’s answer, and nowhere in the contract`,
      ),
    ),
  ]
}

/** RFC 9110 6.4.1. */
function hasBody({ method }: Operation, status: number): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 205 && status !== 304
}

/** What is declared for the media type of an answer, itself before a range that it is in. */
function mediaOf({ content }: Response, headers: SeenAnswer['headers']): MediaType | undefined {
  const type = typeOf(headers)
  const [group] = type.split('/')
  const of = (name: string) => content.find((media) => bare(media.name) === name)
  return of(type) ?? of(`${group}/*`) ?? of('*/*')
}

const isJsonAnswer = (media: MediaType, headers: SeenAnswer['headers']) =>
  isJson(media.name) && isJson(typeOf(headers))

function typeOf(headers: SeenAnswer['headers']): string {
  const type = bare(headers['content-type'] ?? '')
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.slice(0, 100) : 'no media type'
}

const bare = (name: string) => (name.split(';')[0] ?? '').trim().toLowerCase()

const breach = (what: FidelityFinding['what'], at: string, message: string) => ({
  what,
  at,
  message,
  breaks: true,
})
const difference = (what: FidelityFinding['what'], at: string, message: string) => ({
  what,
  at,
  message,
  breaks: false,
})
