import { readFile } from 'node:fs/promises'
import { isStatus, unwrap } from '@rockpool/client'
import { expect, test } from 'vitest'
import { adopt } from '../../../test/fixtures/petshop/adopt.ts'
import { createPetshopClient } from '../../../test/fixtures/petshop/client/client.ts'
import { createPetshopMock } from '../../../test/fixtures/petshop/client/mock.ts'
import { mockOf } from '../../mock.ts'
import { createMock, loadContract, startMockServer } from '../index.ts'

const file = new URL('../../../test/fixtures/petshop/petshop.yaml', import.meta.url)
const nobody = '018f0000-0000-7000-8000-000000000000'

test('what calls a service is tried with a mock of the same type, and the same seed gives the same', async () => {
  const petshop = createPetshopMock({ seed: 'friday' })
  expect(await adopt(petshop, nobody)).toBe('Rex, since There is no such pet')
  const [rex] = await petshop.api.listPets()
  expect(rex).toMatchObject({ name: 'Rex', kind: 'dog' })
  expect(await adopt(petshop, rex!.id)).toBe('Rex')
  await petshop.api.deletePet({ params: { path: { pet: rex!.id } } })
  expect(await petshop.api.listPets()).toEqual([])
  const again = createPetshopMock({ seed: 'friday' })
  await adopt(again, nobody)
  expect((await again.api.listPets())[0]?.id).toBe(rex!.id)
})

test('the same client calls a service over the network', async () => {
  const reading = await loadContract(file.pathname)
  if (!reading.ok) throw new Error('it must be good')
  const server = await startMockServer(createMock(reading.contract), { port: 0 })
  const petshop = createPetshopClient({ environment: 'sandbox', baseUrl: `http://127.0.0.1:${server.port}` })
  try {
    expect(await adopt(petshop, nobody)).toBe('Rex, since There is no such pet')
    const error: unknown = await petshop.api.createPet({ body: { name: '' } }).catch((it: unknown) => it)
    if (!isStatus(error, 422)) throw error
    expect(error).toMatchObject({ operation: 'createPet', code: 'invalid_input' })
    expect(error.problem?.findings?.map(({ path }) => path)).toEqual(['body /name'])
    const gone = await petshop.GET('/pets/{pet}', { params: { path: { pet: nobody } } })
    expect(() => unwrap(gone, 'getPet')).toThrow('getPet answered 404')
  } finally {
    await server.close()
  }
})

test('a contract that cannot be used is told by each call of its mock', async () => {
  const fetch = mockOf('{"openapi":"3.1.0"}')
  const petshop = createPetshopClient({
    environment: 'sandbox',
    baseUrl: 'http://mock.invalid',
    fetch,
    retries: false,
  })
  await expect(petshop.api.listPets()).rejects.toThrow(/contract cannot be used/)
  const good = mockOf(await readFile(file, 'utf8'))
  expect((await good(new Request('http://mock.invalid/pets'))).status).toBe(200)
})

test('the page shows what these tests run', async () => {
  const at = (path: string) => readFile(new URL(`../../../../../${path}`, import.meta.url), 'utf8')
  const page = await at('docs/clients.md')
  expect(page).toContain(await at('packages/rockpool/test/fixtures/petshop/adopt.ts'))
  expect(page).toContain("expect(await adopt(petshop, nobody)).toBe('Rex, since There is no such pet')")
})
