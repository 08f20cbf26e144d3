import { printComment } from '../typescript/print.ts'
import type { ModuleOptions } from './client-module.ts'

/** `mock.ts`: a client of the same type, answered in its own process. Pure. */
export function mockModule({ name, head, extension }: ModuleOptions): string {
  return `${printComment(head, 0)}import { mockOf } from 'rockpool/mock'
import type { MockOfOptions } from 'rockpool/mock'
import { create${name}Client } from './client${extension}'
import type { ${name}Client } from './client${extension}'

/**
 * For unit tests: the client, answered in this process as its contract says, without a port. What is made can be read and
 * listed; whatever the contract declares can be asked for by the header \`Prefer\`, such as \`code=404\`.
 */
export function create${name}Mock(options: MockOfOptions = {}): ${name}Client {
  const fetch = mockOf(new URL('./contract.json', import.meta.url), options)
  const baseUrl = 'http://mock.invalid'
  return create${name}Client({ environment: 'sandbox', baseUrl, fetch, retries: false })
}
`
}
