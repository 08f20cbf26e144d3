import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { realDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import type { Contract } from '../types.ts'
import { emitTypes } from './index.ts'

function read(file: string): Contract {
  const reading = readContract(readFileSync(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return reading.contract
}

const documents = [
  { name: 'petstore.yaml', kilobytes: 30, schemas: 6 },
  { name: 'adyen-checkout70.json', kilobytes: 600, schemas: 200 },
  { name: 'stripe-2017-09-05.json', kilobytes: 700, schemas: 85 },
  { name: 'stripe-2022-04-12.json', kilobytes: 2_300, schemas: 500 },
  { name: 'apibuilder-spec.json', kilobytes: 20, schemas: 10 },
  { name: 'apibuilder-api.json', kilobytes: 120, schemas: 10 },
  { name: 'flow-service.json', kilobytes: 2_000, schemas: 500 },
]

const found = documents.map((document) => ({ ...document, ...realDocument(document.name) }))
const fileOf = (name: string) => `${name.replace(/\.\w+$/, '')}.types.ts`

interface Emitted {
  contract: Contract
  module: string
  /** Of the processor: what others do on the machine is no part of it. */
  workMs: number
}
const emitted = new Map<string, Emitted>()
let faultsOf: (file: string) => string[]

// All at once: a compiler spends most of its time on what they have in common.
beforeAll(async () => {
  for (const { name, file, isHere } of found) {
    if (!isHere) continue
    const contract = read(file)
    const began = process.cpuUsage()
    const module = emitTypes(contract)
    const { user, system } = process.cpuUsage(began)
    emitted.set(name, { contract, module, workMs: (user + system) / 1_000 })
  }
  faultsOf = await compile(
    Object.fromEntries([...emitted].map(([name, { module }]) => [fileOf(name), module])),
  )
}, 120_000)

describe.each(found)('$name', ({ name, kilobytes, schemas, isHere }) => {
  test.skipIf(!isHere)(`its types compile${isHere ? '' : ' (it is not on this machine)'}`, () => {
    const { contract, module, workMs } = emitted.get(name)!
    expect(workMs).toBeLessThan(3_000)
    expect(module.length / 1_000).toBeLessThan(kilobytes)
    expect(contract.schemas.size).toBeGreaterThanOrEqual(schemas)
    expect(faultsOf(fileOf(name))).toEqual([])
  })
})

const petstore = realDocument('petstore.yaml')

test.skipIf(!petstore.isHere)(
  `a program that uses openapi-fetch with petstore's types compiles${petstore.isHere ? '' : ' (it is not on this machine)'}`,
  async () => {
    const head = `import createClient from 'openapi-fetch'
import type { Pet, paths } from './petstore.ts'
const client = createClient<paths>({ baseUrl: 'http://127.0.0.1' })
`
    const faultsOf = await compile({
      'petstore.ts': emitTypes(read(petstore.file)),
      'good.ts': `${head}
const pet: Pet = { name: 'Rex', photoUrls: [] }
const { data: added } = await client.POST('/pet', { body: pet })
const status: 'available' | 'pending' | 'sold' | undefined = added?.status
const { data: found, response } = await client.GET('/pet/{petId}', { params: { path: { petId: 1 } } })
const name: string | undefined = found?.name
const { data: all } = await client.GET('/pet/findByStatus', { params: { query: { status: 'sold' } } })
const names: string[] = (all ?? []).map((each) => each.name)
await client.DELETE('/pet/{petId}', { params: { path: { petId: 1 }, header: { api_key: 'a' } } })
const { data: inventory } = await client.GET('/store/inventory')
const count: number | undefined = inventory?.['sold']
void [status, name, names, count, response.status]
`,
      'bad.ts': `${head}
// @ts-expect-error: a name is needed
const pet: Pet = { photoUrls: [] }
// @ts-expect-error: no such status
await client.GET('/pet/findByStatus', { params: { query: { status: 'lost' } } })
// @ts-expect-error: the id is a number
await client.GET('/pet/{petId}', { params: { path: { petId: 'a' } } })
void pet
`,
    })
    for (const name of ['petstore.ts', 'good.ts', 'bad.ts']) expect(faultsOf(name)).toEqual([])
  },
  60_000,
)
