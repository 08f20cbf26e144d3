import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/agent.ts'
import type { CallLimitsConfig, Problem, ShapesConfig } from '../kernel/index.ts'
import { readContracts } from './index.ts'

function contractFile(): string {
  const contract = join(temporaryFolder(), 'openapi.yaml')
  const operation = (name: string) => `{ operationId: ${name}, responses: { '200': { description: ok } } }`
  writeFileSync(
    contract,
    `openapi: 3.1.0\ninfo: { title: T }\npaths: { /x: { get: ${operation('getX')}, put: ${operation('putX')} } }`,
  )
  return contract
}

test('routes carry the shapes of their operations; one that the contract has not is a finding', async () => {
  const contract = contractFile()
  const read = (shapes: ShapesConfig) =>
    readContracts({ catalog: { contract, shapes } }).then(({ routes }) => routes)
  const routes = (await read({ '*': ['envelope'], putX: ['form'] })).get('catalog')!
  expect(routes.map(({ operationId, shapes }) => [operationId, shapes])).toEqual([
    ['getX', ['envelope']],
    ['putX', ['form']],
  ])
  expect((await read({ getX: [] })).get('catalog')![0]).not.toHaveProperty('shapes')
  const error = (await read({ getY: ['form'] }).catch((caught: unknown) => caught)) as Problem
  expect(error.findings).toEqual([
    { path: 'services.catalog.shapes.getY', message: 'the contract of catalog has no operation “getY”' },
  ])
})

test('routes carry the limits of their operations; one that the contract has not is a finding', async () => {
  const contract = contractFile()
  const read = (limits: CallLimitsConfig) =>
    readContracts({ catalog: { contract, limits } }).then(({ routes }) => routes)
  const routes = (await read({ '*': { total: '5s' }, putX: { body: '1KB' } })).get('catalog')!
  expect(routes).toEqual([
    expect.objectContaining({ operationId: 'getX', totalMs: 5_000 }),
    expect.objectContaining({ operationId: 'putX', totalMs: 5_000, maxBodyBytes: 1_024 }),
  ])
  expect(routes[0]).not.toHaveProperty('maxBodyBytes')
  const error = (await read({ getY: { total: '5s' } }).catch((caught: unknown) => caught)) as Problem
  expect(error.findings).toEqual([
    { path: 'services.catalog.limits.getY', message: 'the contract of catalog has no operation “getY”' },
  ])
})
