import { isObject } from '../json-object.ts'
import { follow } from '../references.ts'
import type { Sampler } from '../samples/index.ts'
import type { Contract, Example, Json, Operation, Parameter, Schema } from '../types.ts'
import { chooseBody, writeBody } from '../sending/bodies.ts'
import { NotMade } from '../sending/made.ts'
import { queryOf, textOf } from '../sending/parameters.ts'
import type { PlannedStep } from './plan.ts'
import type { FidelityRequest, Given } from './types.ts'

export interface RequestMaker {
  /**
   * The request of a step: what the author gives, ids of earlier answers, and for the rest what the contract takes; the
   * same each time but for the ids.
   * @throws NotMade
   */
  make(step: PlannedStep, known: Known): FidelityRequest
}

export interface Known {
  /** Path of a resource to the id of the item that was made there. */
  ids: ReadonlyMap<string, string>
  organization: string
  given: Given
}

export function createRequestMaker(contract: Contract, sampler: Sampler): RequestMaker {
  function sample(key: string, schema: Schema, examples: Example[], what: string): Json {
    const made = sampler.sample(schema, { key, direction: 'request', examples })
    if (made.ok) return made.value
    throw new NotMade(`${what} cannot be made up: ${made.reason}`)
  }
  const valueOf = ({ id }: Operation, { name, in: place, schema, examples }: Parameter) =>
    sample(`${id} ${place} ${name}`, schema, examples, `its parameter ${name}`)

  function pathOf({ operation, ids, makes, use }: PlannedStep, { ids: made, organization, given }: Known) {
    const path: Record<string, string> = {}
    let isMadeUp = false
    for (const match of operation.path.matchAll(/\{([^{}]+)\}/g)) {
      const name = match[1]!
      const resource = ids.get(name)
      const isNew = makes === 'by path' && resource === use?.resource
      const known =
        given.path?.[name] ??
        (resource && made.get(resource.path)) ??
        (name === 'organization' ? organization : null)
      const parameter = operation.parameters.find((one) => one.in === 'path' && one.name === name)
      if (known !== null && known !== undefined) path[name] = String(known)
      else if (resource !== undefined && !isNew)
        throw new NotMade(`nothing was made at ${resource.path} whose id it could have`)
      else if (parameter === undefined || (!isNew && !canBeMeant(contract, parameter)))
        throw new NotMade(`nothing in the contract says which ${name} there is`)
      else {
        path[name] = textOf(parameter, valueOf(operation, parameter))
        isMadeUp ||= !isNew
      }
    }
    return { path, isMadeUp }
  }

  function bodyOf(
    { id, method, body }: Operation,
    given: Given,
  ): { type: string; text: string; isMadeUp: boolean } | null {
    if (body === null) return null
    if (method === 'GET' || method === 'HEAD') {
      if (!body.required) return null
      throw new NotMade(`a body is never sent with ${method}`)
    }
    const media = chooseBody(body)
    const isWhole = given.body !== undefined && !isObject(given.body)
    if (isWhole) return { ...writeBody(media, given.body), isMadeUp: false }
    const made = sample(`${id} body`, media.schema, media.examples, 'its body')
    const value = isObject(made) && isObject(given.body) ? { ...made, ...given.body } : (given.body ?? made)
    return { ...writeBody(media, value), isMadeUp: true }
  }

  return {
    make(step, known) {
      const { operation } = step
      const { given } = known
      const { path, isMadeUp: hasMadeUpPath } = pathOf(step, known)
      const query: Record<string, string[]> = {}
      const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' }
      let isMadeUp = hasMadeUpPath
      for (const parameter of operation.parameters.filter(
        ({ required, in: at }) => required && at !== 'path',
      )) {
        const { name, in: place } = parameter
        if (place === 'querystring') throw new NotMade('its query as a whole has a media type')
        if (place === 'query' ? given.query?.[name] !== undefined : hasHeader(given, name)) continue
        const value = valueOf(operation, parameter)
        isMadeUp = true
        if (place === 'query') for (const [key, texts] of queryOf(parameter, value)) query[key] = texts
        else if (place === 'header') headers[name.toLowerCase()] = textOf(parameter, value)
        else
          headers['cookie'] = [headers['cookie'] ?? [], `${name}=${textOf(parameter, value)}`]
            .flat()
            .join('; ')
      }
      const body = bodyOf(operation, given)
      if (body !== null) headers['content-type'] = body.type
      for (const [name, value] of Object.entries(given.query ?? {}))
        if (value !== undefined) query[name] = [value].flat().map(String)
      for (const [name, value] of Object.entries(given.headers ?? {})) headers[name.toLowerCase()] = value
      isMadeUp ||= body?.isMadeUp === true
      return { operation, path, query, headers, body: body?.text, isMadeUp, hasMadeUpPath }
    },
  }
}

/** An example, or one of few values, may be something that there is; any other text in a path leads to nothing. */
function canBeMeant(contract: Contract, { schema, examples }: Parameter): boolean {
  const at = follow(contract, schema)
  if (typeof at !== 'object') return examples.length > 0
  const isOneOfFew = at.enum !== undefined || at.const !== undefined || at.type === 'boolean'
  return examples.length > 0 || (at.examples?.length ?? 0) > 0 || isOneOfFew
}

const hasHeader = ({ headers = {} }: Given, name: string) =>
  Object.keys(headers).some((one) => one.toLowerCase() === name.toLowerCase())
