import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { createMockFetch } from '../mocks/index.ts'
import { readContract } from '../read.ts'
import { createMockSender } from './mock-sender.ts'
import { replay } from './replay.ts'
import type { ReplayOptions } from './replay.ts'
import type { FidelityRequest, OperationFidelity, SeenAnswer } from './types.ts'

const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const answer = (schema: object) => ({ description: '', ...json(schema) })
const pet = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } },
}
const inPath = (...names: string[]) =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

/** Written in an order in which nothing would find what it needs. */
const pets = contractOf({
  paths: {
    '/{organization}/pets/{pet}': {
      parameters: inPath('organization', 'pet'),
      delete: { operationId: 'deletePet', responses: { '204': { description: '' } } },
      put: { operationId: 'putPet', requestBody: json(pet), responses: { '200': answer(pet) } },
      patch: { operationId: 'changePet', requestBody: json(pet), responses: { '200': answer(pet) } },
      get: { operationId: 'getPet', responses: { '200': answer(pet), '404': { description: '' } } },
    },
    '/{organization}/pets/{id}/rest': {
      post: {
        operationId: 'restPet',
        parameters: inPath('organization', 'id'),
        responses: { '200': answer(pet) },
      },
    },
    '/{organization}/pets/{pet}/toys/{toy}': {
      parameters: inPath('organization', 'pet', 'toy'),
      delete: { operationId: 'deleteToy', responses: { '204': { description: '' } } },
      get: { operationId: 'getToy', responses: { '200': answer(pet) } },
    },
    '/{organization}/pets/{pet}/toys': {
      parameters: inPath('organization', 'pet'),
      post: { operationId: 'makeToy', requestBody: json(pet), responses: { '201': answer(pet) } },
    },
    '/{organization}/pets': {
      parameters: inPath('organization'),
      get: { operationId: 'listPets', responses: { '200': answer({ type: 'array', items: pet }) } },
      post: {
        operationId: 'makePet',
        requestBody: { required: true, ...json(pet) },
        responses: { '201': answer(pet), '422': { description: '' } },
      },
    },
    '/{organization}/visits/{visit}': {
      get: {
        operationId: 'getVisit',
        parameters: inPath('organization', 'visit'),
        responses: { '200': answer(pet) },
      },
    },
    '/sleep': { post: { operationId: 'sleep', responses: { '204': { description: '' } } } },
  },
})

/** A service that keeps to the contract and has ids of its own: another mock, with another seed. */
function serviceOf(
  contract = pets,
  patch: (request: FidelityRequest, seen: SeenAnswer) => SeenAnswer = (_, seen) => seen,
) {
  const requests: FidelityRequest[] = []
  const ask = createMockSender(createMockFetch(contract, { seed: 'service' }))
  const send: ReplayOptions['send'] = async (request) => {
    requests.push(request)
    return patch(request, await ask(request))
  }
  return { send, requests }
}

const run = (options: Partial<ReplayOptions> & Pick<ReplayOptions, 'send'>) =>
  replay({ contract: pets, organization: 'sandbox-7', ...options })
const resultOf = (results: OperationFidelity[], operation: string) =>
  results.find((one) => one.operation === operation)!

describe('a service that does as its mock', () => {
  test('every operation is faithful, but for those that need what nobody can make up', async () => {
    const results = await run(serviceOf())
    expect(results.map(({ operation }) => operation)).toEqual(pets.operations.map(({ id }) => id))
    expect(results.filter(({ result }) => result !== 'faithful')).toEqual([
      {
        operation: 'getVisit',
        method: 'GET',
        path: '/{organization}/visits/{visit}',
        result: 'not tried',
        reason: 'nothing in the contract says which visit there is',
        findings: [],
      },
    ])
  })

  test('what is made comes first, and is deleted last; ids of the service flow into its own requests', async () => {
    const { send, requests } = serviceOf()
    await run({ send })
    expect(requests.map(({ operation }) => operation.id)).toEqual([
      'makePet',
      'makeToy',
      'sleep',
      'getPet',
      'getToy',
      'listPets',
      'changePet',
      'putPet',
      'restPet',
      'deleteToy',
      'deletePet',
    ])
    const [, , , read] = requests
    expect(read!.path).toEqual({ organization: 'sandbox-7', pet: expect.any(String) as string })
    expect(requests.at(-3)!.path['id']).toBe(read!.path['pet'])
  })

  test('the same seed makes the same requests, in any organization; another seed makes others', async () => {
    const bodies = async (options: Partial<ReplayOptions>) => {
      const { send, requests } = serviceOf()
      await run({ send, ...options })
      return requests.map(({ body }) => body)
    }
    expect(await bodies({})).toEqual(await bodies({ organization: 'sandbox-8' }))
    expect(await bodies({ seed: 'other' })).not.toEqual(await bodies({}))
  })

  test('an id that stands in Location alone is found there', async () => {
    const { send, requests } = serviceOf(pets, ({ operation }, seen) => {
      if (operation.id !== 'makePet') return seen
      const { id, ...body } = seen.body as { id: string; name: string }
      return { ...seen, headers: { ...seen.headers, location: `/sandbox-7/pets/${id}?new` }, body }
    })
    const results = await run({ send })
    expect(resultOf(results, 'getPet').result).toBe('faithful')
    expect(requests.some(({ operation }) => operation.id === 'deletePet')).toBe(true)
    expect(resultOf(results, 'makePet').findings).toMatchObject([{ what: 'body', at: '/id', breaks: true }])
  })
})

describe('a service that does not', () => {
  test('a field short is told at its place, for each operation that lacks it', async () => {
    const short = serviceOf(pets, (_, seen) => {
      if (!Array.isArray(seen.body)) return seen
      return { ...seen, body: seen.body.map((one: { id: string }) => ({ id: one.id })) }
    })
    const results = await run(short)
    expect(results.filter(({ result }) => result === 'differs')).toMatchObject([
      { operation: 'listPets', findings: [{ what: 'body', at: '/*/name', breaks: true }] },
    ])
  })

  test('what it refuses although the contract allows it is not tried, with what to do; what needs it says so', async () => {
    const results = await run(
      serviceOf(pets, ({ operation }, seen) =>
        operation.id === 'makePet' ? { status: 422, headers: {}, body: undefined } : seen,
      ),
    )
    expect(resultOf(results, 'makePet')).toMatchObject({
      result: 'not tried',
      reason: 'the service answered 422 to what was made up: say in “given” what it needs',
    })
    expect(resultOf(results, 'getPet').reason).toBe(
      'nothing was made at /{organization}/pets whose id it could have',
    )
  })

  test('a refusal that the contract does not declare, or that is not as declared, breaks it', async () => {
    const refused = (status: number) =>
      run(serviceOf(pets, ({ operation }, seen) => (operation.id === 'makePet' ? { ...seen, status } : seen)))
    expect(resultOf(await refused(418), 'makePet')).toMatchObject({
      result: 'differs',
      findings: [{ what: 'status', breaks: true }],
    })
  })

  test('that it lost what it has just made is a difference: nothing of that was made up', async () => {
    const results = await run(
      serviceOf(pets, ({ operation }, seen) =>
        operation.id === 'getPet' ? { status: 404, headers: {}, body: undefined } : seen,
      ),
    )
    expect(resultOf(results, 'getPet')).toMatchObject({
      result: 'differs',
      findings: [{ what: 'status', message: 'answers 404, the mock 200', breaks: false }],
    })
  })

  test('an answer that is the gateway’s own is none: refused, it was not tried; without a service, that breaks', async () => {
    const gateway = (status: number, code: string) =>
      run(serviceOf(pets, () => ({ status, headers: { 'rockpool-problem': code }, body: {} })))
    expect(resultOf(await gateway(403, 'credential_unknown'), 'sleep')).toMatchObject({
      result: 'not tried',
      reason: 'the gateway refused it: credential_unknown',
    })
    expect(resultOf(await gateway(502, 'service_broken'), 'sleep').findings).toMatchObject([
      { message: 'no answer came: the gateway says service_broken', breaks: true },
    ])
  })
})

describe('an author', () => {
  test('leaves operations out: no request is made', async () => {
    const { send, requests } = serviceOf()
    const results = await run({ send, except: ['sleep'] })
    expect(resultOf(results, 'sleep')).toMatchObject({
      result: 'not tried',
      reason: 'the check leaves it out',
    })
    expect(requests.some(({ operation }) => operation.id === 'sleep')).toBe(false)
  })

  test('gives what cannot be made up: members of a body beside those that are made up, and values of paths', async () => {
    const { send, requests } = serviceOf()
    const given = {
      getVisit: { path: { visit: 7 } },
      makePet: { body: { name: 'Fin' }, headers: { 'X-Why': 'a' } },
    }
    const results = await run({ send, given })
    expect(resultOf(results, 'getVisit').result).toBe('faithful')
    const made = requests.find(({ operation }) => operation.id === 'makePet')!
    expect(JSON.parse(made.body!)).toMatchObject({ name: 'Fin' })
    expect(made.headers).toMatchObject({ 'x-why': 'a' })
    expect(requests.find(({ operation }) => operation.id === 'getVisit')!.path).toMatchObject({ visit: '7' })
  })

  test('hears that the run cannot go on: what send rejects with ends it', async () => {
    await expect(run({ send: () => Promise.reject(new Error('the gateway is gone')) })).rejects.toThrow(
      'gone',
    )
  })
})

const documents = ['petstore.yaml', 'adyen-checkout70.json', 'stripe-2022-04-12.json', 'flow-service.json']
for (const name of documents) {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(
    `${name} (a document beside the project): of a service that is its mock nothing differs`,
    { timeout: 120_000 },
    async () => {
      const reading = readContract(readFileSync(file, 'utf8'), { file: name })
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 5)))
      const { contract } = reading
      const ask = createMockSender(createMockFetch(contract, { organization: 'sandbox-7' }))
      const refused: string[] = []
      const send: ReplayOptions['send'] = async (request) => {
        const seen = await ask(request)
        if (seen.status >= 400)
          refused.push(`${request.operation.id}: ${JSON.stringify(seen.body).slice(0, 300)}`)
        return seen
      }
      const results = await replay({ contract, organization: 'sandbox-7', send })
      // Every request is one that the contract takes.
      expect(refused).toEqual([])
      expect(results).toHaveLength(contract.operations.length)
      expect(results.filter(({ result }) => result === 'differs')).toEqual([])
      expect(results.filter(({ result }) => result === 'faithful').length).toBeGreaterThan(0)
    },
  )
}
