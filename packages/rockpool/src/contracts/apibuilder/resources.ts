import { isObject, member } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import { readType, readTyped } from './declarations.ts'
import type { Reading } from './declarations.ts'
import { asText, checkNode, objectOf, objectsOf, readDescribed, textOf } from './nodes.ts'
import type { BodyNode, Header, OperationNode, ParameterNode, Resource, ResponseNode } from './service.ts'
import { readTypeExpression, text } from './type-expression.ts'

export function readResource(reading: Reading, node: JsonObject, name: string): Resource {
  checkNode(reading.report, node, 'resource')
  return {
    ...readDescribed(reading.report, node),
    type: readTypeExpression(name) ?? text,
    plural: textOf(node, 'plural'),
    path: typeof node['path'] === 'string' ? node['path'].trim() : null,
    operations: objectsOf(node, 'operations').map((operation) => readOperation(reading, operation)),
  }
}

function readOperation(reading: Reading, node: JsonObject): OperationNode {
  checkNode(reading.report, node, 'operation')
  const body = objectOf(node, 'body')
  return {
    ...readDescribed(reading.report, node),
    method: textOf(node, 'method')?.toUpperCase() ?? '',
    path: textOf(node, 'path') ?? '',
    body: body === null ? null : readBody(reading, body),
    parameters: objectsOf(node, 'parameters').map((parameter) => readParameter(reading, parameter)),
    responses: readResponses(reading, node),
  }
}

function readBody(reading: Reading, node: JsonObject): BodyNode {
  checkNode(reading.report, node, 'body')
  return { ...readDescribed(reading.report, node), type: readType(reading, node) }
}

function readParameter(reading: Reading, node: JsonObject): ParameterNode {
  checkNode(reading.report, node, 'parameter')
  return { ...readTyped(reading, node), location: textOf(node, 'location')?.toLowerCase() ?? null }
}

function readResponses(reading: Reading, operation: JsonObject): ResponseNode[] {
  if (reading.report.format === 'service.json')
    return objectsOf(operation, 'responses').map((node) =>
      readResponse(reading, node, codeOf(member(node, 'code') ?? null)),
    )
  const responses = objectOf(operation, 'responses') ?? {}
  return Object.keys(responses).flatMap((code) => {
    const node = responses[code]
    if (isObject(node)) return [readResponse(reading, node, codeOf(code))]
    return (reading.report.impossible(responses, 'a response must be an object', code), [])
  })
}

/** service.json says it as a union: `{ "integer": { "value": 200 } }`, `{ "response_code_option": "Default" }`. */
function codeOf(code: Json): string {
  if (!isObject(code))
    return asText(code)
      .trim()
      .toLowerCase()
      .replace(/^0+(?=\d)/, '')
  const value = Object.values(code)[0] ?? null
  return codeOf(isObject(value) ? (member(value, 'value') ?? '') : Array.isArray(value) ? '' : value)
}

function readResponse(reading: Reading, node: JsonObject, code: string): ResponseNode {
  checkNode(reading.report, node, 'response')
  return {
    ...readDescribed(reading.report, node),
    code,
    type: readType(reading, node),
    headers: readHeaders(reading, node),
  }
}

export function readHeaders(reading: Reading, node: JsonObject): Header[] {
  return objectsOf(node, 'headers').map((header) => {
    checkNode(reading.report, header, 'header')
    return readTyped(reading, header)
  })
}
