import { createSampler } from '../../src/contracts/samples/index.ts'
import { createValidator } from '../../src/contracts/validation/index.ts'
import type { MockRequest } from '../../src/contracts/mocks/types.ts'
import type { Contract, Json, MediaType, Operation, Parameter } from '../../src/contracts/types.ts'

/** A good request to an operation, with everything that it requires. Undefined: nothing could be. */
export function requestMaker(contract: Contract): (operation: Operation) => MockRequest | undefined {
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
    let target = operation.path
    const query: string[] = []
    const headers: string[] = []
    for (const parameter of operation.parameters) {
      if (!parameter.required) continue
      const given = value(parameter, `${parameter.in} ${parameter.name}`)
      if (given === undefined) return undefined
      const text = parameter.mediaType === null ? written(given) : JSON.stringify(given)
      if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(text))
      else if (parameter.in === 'query')
        query.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(text)}`)
      else if (parameter.in === 'header') headers.push(parameter.name, text)
    }
    const body = operation.body?.required === true ? bodyOf(operation.body.content, value) : null
    if (body === undefined) return undefined
    if (body !== null) headers.push('Content-Type', body.type)
    return {
      method: operation.method,
      target: query.length > 0 ? `${target}?${query.join('&')}` : target,
      headers,
      body: body === null ? null : Buffer.from(body.text),
    }
  }
}

const written = (value: Json): string =>
  Array.isArray(value)
    ? value.map(written).join(',')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

function bodyOf(
  content: readonly MediaType[],
  value: (media: MediaType, key: string) => Json | undefined,
): { type: string; text: string } | undefined {
  const media = ['json', 'x-www-form-urlencoded', 'multipart']
    .map((kind) => content.find(({ name }) => name.includes(kind)))
    .find((found) => found !== undefined)
  const given = media && value(media, 'body')
  if (media === undefined || given === undefined) return undefined
  if (media.name.includes('json')) return { type: media.name, text: JSON.stringify(given) }
  if (!media.name.includes('multipart')) return { type: media.name, text: formOf(given) }
  return { type: `${media.name}; boundary=part`, text: partsOf(given) }
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
function formOf(value: Json, name = ''): string {
  if (typeof value !== 'object' || value === null)
    return `${encodeURIComponent(name)}=${encodeURIComponent(value === null ? '' : String(value))}`
  return Object.entries(value)
    .map(([key, inner]) => formOf(inner, name === '' ? key : `${name}[${key}]`))
    .join('&')
}
