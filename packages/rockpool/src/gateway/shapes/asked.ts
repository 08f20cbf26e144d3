import type { Finding, Shape } from '../../kernel/index.ts'
import type { RequestHead } from '../ground.ts'
import { readTarget } from '../router.ts'
import type { Router } from '../router.ts'
import { readQuery } from './query.ts'
import type { AskedName } from './query.ts'
import { sentAlong } from './sent-along.ts'

/*
 * asked      what the query asks for: parameters of the gateway's own, on paths one of whose operations has the option
 * envelope   how the answer is put: with status and headers in a JSON body, perhaps as a script (`callback`)
 * meant      the operation that a request is for, whatever its own method
 */

/** How the answer is to be put. `callback`: as a call of this function (JSONP). */
export interface Envelope {
  callback: string | null
}

export interface Asked {
  /** The request that is meant: with its method, and without the parameters that were for the gateway. */
  method: string
  target: string
  /** Null: the answer goes as it is. */
  envelope: Envelope | null
  /** The request stands in the body (`envelope=request`); the methods that it may name, safe ones first. */
  inBody: readonly string[] | null
  /** What is wrong with what is asked, all of it. */
  findings: Finding[]
  /** What a browser sent along that any page could make it send, where that may not be: a cookie, or Basic and its like. */
  sentAlong: string | null
}

/**
 * Methods that can be meant, safe ones first. Not HEAD: what is answered to it has no body whatever its head says, and a
 * client that did not send it would wait for one, and take what follows for it.
 */
export const methods: readonly string[] = ['GET', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']
const callbackForm = /^[A-Za-z0-9_.]{1,100}$/

/**
 * Reads what the query asks for. Null: nothing for which the operation that is meant has the option; then its parameters are
 * the service's own. Of a method that the path does not have, the options of the path's others count: so the refusal comes
 * in the form that the client understands. Pure.
 */
export function readAsked(router: Pick<Router, 'find'>, head: RequestHead): Asked | null {
  const target = readTarget(head.target)
  if (!target.ok || head.method === 'HEAD' || head.method === 'OPTIONS') return null
  const shapes = shapesOfPath(router, target.segments)
  if (![...shapes.values()].some((own) => own.length > 0)) return null
  const ofAny = [...shapes.values()].flat()
  const of = (method: string): readonly Shape[] => shapes.get(method) ?? ofAny

  const { values, without } = readQuery(target.query)
  const taken = new Set<AskedName>()
  const findings: Finding[] = []
  const wrong = (name: AskedName, message: string) => findings.push({ path: `query.${name}`, message })

  let { method } = head
  const [named, ...more] = values.get('method') ?? []
  if (named !== undefined && ofAny.includes('method') && (method === 'GET' || method === 'POST')) {
    const upper = named.toUpperCase()
    const isMethod = methods.includes(upper)
    if (!isMethod || of(upper).includes('method')) taken.add('method')
    if (!isMethod) wrong('method', `is none: write one of ${methods.join(', ')}`)
    else if (more.length > 0 && taken.has('method')) wrong('method', 'is named more than once')
    else if (taken.has('method')) method = upper
  }

  const envelopes = values.get('envelope') ?? []
  const isInBody = envelopes.includes('request') && ofAny.includes('envelope')
  const options = isInBody ? ofAny : of(method)
  let envelope: Envelope | null = null
  if (envelopes.length > 0 && options.includes('envelope')) {
    taken.add('envelope')
    if (envelopes.some((value) => value !== 'request' && value !== 'response'))
      wrong('envelope', 'is not known: write envelope=request or envelope=response')
    if (new Set(envelopes).size < envelopes.length) wrong('envelope', 'says the same twice')
    if (isInBody && head.method !== 'POST')
      wrong('envelope', 'request is for POST: the body holds the request')
    if (isInBody && taken.has('method')) wrong('method', 'is named in the body, with envelope=request')
    if (envelopes.includes('response')) envelope = { callback: null }
  }
  const [callback, ...others] = values.get('callback') ?? []
  if (callback !== undefined && options.includes('jsonp')) {
    taken.add('callback')
    const isName = callbackForm.test(callback)
    if (others.length > 0) wrong('callback', 'is named more than once')
    if (!isName) wrong('callback', 'is the name of a function: 1 to 100 letters, digits, dots and _')
    if (head.method !== 'GET' && !isInBody)
      wrong('callback', 'is for GET, and for the POST of envelope=request')
    if (isName && others.length === 0) envelope = { callback }
  }

  if (taken.size === 0) return null
  return {
    method,
    target: target.path + without(taken),
    envelope,
    inBody: isInBody ? methods.filter((name) => shapes.get(name)?.includes('envelope')) : null,
    findings,
    sentAlong: taken.has('callback') || taken.has('method') ? sentAlong(head) : null,
  }
}

/** Of each method that the path has, the options of its operation. */
function shapesOfPath(
  router: Pick<Router, 'find'>,
  segments: readonly string[],
): Map<string, readonly Shape[]> {
  const shapes = new Map<string, readonly Shape[]>()
  for (const method of methods) {
    const routing = router.find(method, segments)
    if (routing.kind === 'none') break
    if (routing.kind === 'match') shapes.set(method, routing.match.route.shapes ?? [])
  }
  return shapes
}
