import { createSampler } from '../../src/contracts/samples/index.ts'
import { createValidator } from '../../src/contracts/validation/index.ts'
import type { MockRequest } from '../../src/contracts/mocks/types.ts'
import type { Contract, Json, MediaType, Operation, Parameter } from '../../src/contracts/types.ts'

/** What is given to an operation: parameters by their places and names, and a body. */
export interface Call {
  path: Record<string, Json>
  query: Record<string, Json>
  header: Record<string, Json>
  body: { type: string; value: Json } | null
}

/** A good call of an operation, with everything that it requires. Undefined: nothing could be. */
export function callMaker(contract: Contract): (operation: Operation) => Call | undefined {
  const validator = createValidator(contract, { direction: 'request' })
  const sampler = createSampler(contract, { seed: 'calls', validator })

  return (operation) => {
    const value = (
      { schema, examples }: Pick<Parameter, 'schema' | 'examples'>,
      key: string,
    ): Json | undefined => {
      const sample = sampler.sample(schema, { key: `${operation.id} ${key}`, direction: 'request', examples })
      return sample.ok ? sample.value : undefined
    }
    const call: Call = { path: {}, query: {}, header: {}, body: null }
    for (const parameter of operation.parameters) {
      const { name, in: place, required, mediaType } = parameter
      if (!required) continue
      const given = value(parameter, `${place} ${name}`)
      if (given === undefined) return undefined
      if (place === 'path' || place === 'query' || place === 'header')
        call[place][name] = mediaType === null ? given : JSON.stringify(given)
    }
    if (operation.body?.required !== true) return call
    const media = mediaOf(operation.body.content)
    const given = media && value(media, 'body')
    if (media === undefined || given === undefined) return undefined
    return { ...call, body: { type: media.name, value: given } }
  }
}

/** The same as it is sent. */
export function requestMaker(contract: Contract): (operation: Operation) => MockRequest | undefined {
  const make = callMaker(contract)
  return (operation) => {
    const call = make(operation)
    if (call === undefined) return undefined
    const target = Object.entries(call.path).reduce(
      (path, [name, value]) => path.replace(`{${name}}`, encodeURIComponent(written(value))),
      operation.path,
    )
    const query = Object.entries(call.query).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(written(value))}`,
    )
    const headers = Object.entries(call.header).flatMap(([name, value]) => [name, written(value)])
    const body = call.body && bodyOf(call.body)
    if (body !== null) headers.push('Content-Type', body.type)
    return {
      method: operation.method,
      target: query.length > 0 ? `${target}?${query.join('&')}` : target,
      headers,
      body: body === null ? null : Buffer.from(body.text),
    }
  }
}

export const written = (value: Json): string =>
  Array.isArray(value)
    ? value.map(written).join(',')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

function mediaOf(content: readonly MediaType[]): MediaType | undefined {
  return ['json', 'x-www-form-urlencoded', 'multipart']
    .map((kind) => content.find(({ name }) => name.includes(kind)))
    .find((found) => found !== undefined)
}

function bodyOf({ type, value }: NonNullable<Call['body']>): { type: string; text: string } {
  if (type.includes('json')) return { type, text: JSON.stringify(value) }
  if (!type.includes('multipart')) return { type, text: formOf(value) }
  return { type: `${type}; boundary=part`, text: partsOf(value) }
}

/** RFC 7578. */
function partsOf(value: Json): string {
  const parts = Object.entries(value ?? {}).map(
    ([name, inner]) =>
      `--part\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${written(inner as Json)}\r\n`,
  )
  return `${parts.join('')}--part--\r\n`
}

/** With brackets, as Rails and Stripe read them. */
export function formOf(value: Json, name = ''): string {
  if (typeof value !== 'object' || value === null)
    return `${encodeURIComponent(name)}=${encodeURIComponent(value === null ? '' : String(value))}`
  return Object.entries(value)
    .map(([key, inner]) => formOf(inner, name === '' ? key : `${name}[${key}]`))
    .join('&')
}
