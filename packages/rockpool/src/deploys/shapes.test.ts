import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/agent.ts'
import type { Problem, ShapesConfig } from '../kernel/index.ts'
import { readRoutes } from './index.ts'

test('routes carry the shapes of their operations; one that the contract has not is a finding', async () => {
  const contract = join(temporaryFolder(), 'openapi.yaml')
  const operation = (name: string) => `{ operationId: ${name}, responses: { '200': { description: ok } } }`
  writeFileSync(
    contract,
    `openapi: 3.1.0\ninfo: { title: T }\npaths: { /x: { get: ${operation('getX')}, put: ${operation('putX')} } }`,
  )
  const read = (shapes: ShapesConfig) => readRoutes({ catalog: { contract, shapes } })
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
