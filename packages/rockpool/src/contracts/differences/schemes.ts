import { isDeepStrictEqual } from 'node:util'
import { isObject, member } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import { brief } from './brief.ts'
import type { Comparison, Details } from './types.ts'

/** What a caller must know to send a credential of a scheme (OpenAPI 3.1, 4.8.27), aside from its type and its flows. */
const particulars = ['name', 'in', 'scheme', 'openIdConnectUrl']

/** Compares the security schemes that a contract names. */
export function compareSchemes(comparison: Comparison): void {
  const [before, after] = [comparison.before.securitySchemes, comparison.after.securitySchemes]
  for (const [name, scheme] of before)
    if (!after.has(name))
      comparison.add({
        rule: 'api-security-component-removed',
        operation: null,
        place: placeOf(name),
        details: { before: name },
        before: { at: scheme },
      })
  for (const [name, scheme] of after) {
    const was = before.get(name)
    if (was !== undefined) compareScheme(comparison, name, was, scheme)
    else
      comparison.add({
        rule: 'api-security-component-added',
        operation: null,
        place: placeOf(name),
        details: { after: name },
        after: { at: scheme },
      })
  }
}

function placeOf(name: string): string {
  return `security scheme ${name}`
}

function compareScheme(comparison: Comparison, scheme: string, before: JsonObject, after: JsonObject): void {
  const add = (change: string, name: string, details: Details) =>
    comparison.add({
      rule: `api-security-component-${change}`,
      operation: null,
      place: placeOf(scheme),
      details: { scheme, ...details },
      before: { at: before, member: name },
      after: { at: after, member: name },
    })
  const bothOf = (name: string) => ({ before: told(before, name), after: told(after, name) })
  if (!isSame(before, after, 'type')) return add('type-changed', 'type', bothOf('type'))
  for (const name of particulars)
    if (!isDeepStrictEqual(particularOf(before, name), particularOf(after, name)))
      add('changed', name, { name, ...bothOf(name) })
  compareFlows(comparison, scheme, objectOf(before, 'flows'), objectOf(after, 'flows'))
}

function compareFlows(comparison: Comparison, scheme: string, before: JsonObject, after: JsonObject): void {
  const add = (change: string, flow: string, details: Details) =>
    comparison.add({
      rule: `api-security-component-oauth-${change}`,
      operation: null,
      place: `${placeOf(scheme)} ${flow}`,
      details: { scheme, ...details },
      before: { at: before, member: flow },
      after: { at: after, member: flow },
    })
  for (const flow of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!Object.hasOwn(after, flow)) add('flow-removed', flow, { before: flow })
    else if (!Object.hasOwn(before, flow)) add('flow-added', flow, { after: flow })
    else
      compareFlow(
        (change, details) => add(change, flow, details),
        objectOf(before, flow),
        objectOf(after, flow),
      )
  }
}

function compareFlow(
  add: (change: string, details: Details) => void,
  before: JsonObject,
  after: JsonObject,
): void {
  const bothOf = (name: string) => ({ before: told(before, name), after: told(after, name) })
  if (!isSame(before, after, 'authorizationUrl')) add('url-changed', bothOf('authorizationUrl'))
  if (!isSame(before, after, 'tokenUrl')) add('token-url-changed', bothOf('tokenUrl'))
  const [had, has] = [objectOf(before, 'scopes'), objectOf(after, 'scopes')]
  for (const scope of Object.keys(had)) {
    if (!Object.hasOwn(has, scope)) add('scope-removed', { before: scope })
    else if (!isSame(had, has, scope))
      add('scope-changed', { name: scope, before: told(had, scope), after: told(has, scope) })
  }
  for (const scope of Object.keys(has)) if (!Object.hasOwn(had, scope)) add('scope-added', { after: scope })
}

function isSame(before: JsonObject, after: JsonObject, name: string): boolean {
  return isDeepStrictEqual(member(before, name) ?? null, member(after, name) ?? null)
}

/** Names of headers and of HTTP's schemes are the same in capitals and in small letters (RFC 9110 5.1, 11.1). */
function particularOf(scheme: JsonObject, name: string): Json {
  const value = member(scheme, name) ?? null
  const isAnyCase = name === 'scheme' || (name === 'name' && member(scheme, 'in') === 'header')
  return isAnyCase && typeof value === 'string' ? value.toLowerCase() : value
}

function told(object: JsonObject, name: string): Json {
  return brief(member(object, name) ?? null)
}

function objectOf(object: JsonObject, name: string): JsonObject {
  const value = member(object, name)
  return isObject(value) ? value : {}
}
