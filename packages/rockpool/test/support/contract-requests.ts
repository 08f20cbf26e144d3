import { createRequestReader } from '../../src/contracts/requests/index.ts'
import type { ReaderOptions, ReadRequest, Received } from '../../src/contracts/requests/index.ts'
import { createValidator } from '../../src/contracts/validation/index.ts'
import type { Contract, Operation } from '../../src/contracts/types.ts'
import { contractOf } from './contracts.ts'

export interface Exchange extends ReaderOptions {
  /** Of the one operation: its parameters, its body and the contract's schemas, as OpenAPI 3.2 writes them. */
  parameters?: object[]
  requestBody?: object
  schemas?: object
}

export type Sent = Partial<Omit<Received, 'headers' | 'body'>> & {
  headers?: Record<string, string>
  body?: string | Buffer
}

/** Reads requests to the one operation of a contract. */
export function readerOf({ parameters = [], requestBody, schemas = {}, ...options }: Exchange) {
  const names = parameters.flatMap((one) => ('in' in one && one.in === 'path' ? [`{${nameOf(one)}}`] : []))
  const operation = { parameters, ...(requestBody ? { requestBody } : {}), responses: {} }
  const contract = contractOf({
    openapi: '3.2.0',
    paths: { [`/things/${names.join('/')}`]: { post: operation } },
    components: { schemas },
  })
  const read = requestsOf(contract, options)
  return (sent: Sent) => read(contract.operations[0]!, sent)
}

export function requestsOf(contract: Contract, options: ReaderOptions = {}) {
  const validator = createValidator(contract, { direction: 'request' })
  const reader = createRequestReader(contract, validator, options)
  return (operation: Operation, { path = {}, query = '', headers = {}, body }: Sent): ReadRequest =>
    reader.read(operation, {
      path,
      query,
      headers: Object.entries(headers).flat(),
      body: body === undefined ? null : Buffer.from(body),
    })
}

const nameOf = (parameter: object) => ('name' in parameter ? String(parameter.name) : '')

/** Reads bodies of one media type. */
export function bodiesOf(name: string, schema: unknown, more: Exchange & { encoding?: object } = {}) {
  const { encoding = {}, ...exchange } = more
  const read = readerOf({
    requestBody: { required: true, content: { [name]: { schema, encoding } } },
    ...exchange,
  })
  return (body: string | Buffer, type = name) => read({ headers: { 'Content-Type': type }, body })
}

/** Reads one parameter; what it is, or what is said of it. */
export function parameterOf(parameter: { name?: string; in: string; schema?: unknown }) {
  const name = parameter.name ?? 'p'
  const read = readerOf({ parameters: [{ name, required: parameter.in === 'path', ...parameter }] })
  return (sent: Sent): unknown => {
    const { parameters, findings } = read(sent)
    if (findings.length > 0) return findings.map(({ message }) => message)
    const group = parameter.in === 'querystring' ? 'query' : parameter.in
    return parameters[group as 'query'][name]
  }
}
