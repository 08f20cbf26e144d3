import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { shapeFindings, shapesOf } from './config-shapes.ts'
import { readConfig } from './config.ts'
import type { Config } from './config.ts'

async function read(service: object): Promise<Config> {
  const folder = await temporaryFolder('config')
  const theirs = { contract: folder, url: 'http://127.0.0.1:9', production: false, ...service }
  return readConfig({ ...baseConfig, services: { theirs } }, join(folder, 'rockpool.config.ts'))
}
const findingsOf = async (service: object) =>
  (await findingsIn(read(service))).map(({ path, message }) => `${path}: ${message}`)

describe('shapes', () => {
  test('are off unless they are written; what is named itself counts instead of *', async () => {
    expect((await read({})).services['theirs']!.shapes).toBeUndefined()
    const { shapes } = (
      await read({ shapes: { '*': ['envelope', 'envelope'], putItem: [], getItem: ['jsonp'] } })
    ).services['theirs']!
    expect(shapesOf(shapes, 'listItems')).toEqual(['envelope'])
    expect(shapesOf(shapes, 'getItem')).toEqual(['jsonp'])
    expect(shapesOf(shapes, 'putItem')).toBeUndefined()
    expect(shapesOf(shapes, 'constructor')).toEqual(['envelope'])
    expect(shapesOf(undefined, 'listItems')).toBeUndefined()
  })

  test('that nobody knows are findings, as are operations that the contract has not', async () => {
    const [finding] = await findingsOf({ shapes: { getItem: ['envelop'] } })
    expect(finding).toContain('services.theirs.shapes.getItem.0')
    expect(finding).toContain("'envelope', 'jsonp', 'method', 'form', 'octet-stream'")
    expect(shapeFindings('theirs', { '*': ['form'], getItem: [], gone: ['form'] }, ['getItem'])).toEqual([
      { path: 'services.theirs.shapes.gone', message: 'the contract of theirs has no operation “gone”' },
    ])
  })
})

describe('cors', () => {
  const cors = (origins: string[], more: object = {}) => ({ cors: { origins, ...more } })

  test('is off unless it is written, and then says as little as it can', async () => {
    expect((await read({})).services['theirs']!.cors).toBeUndefined()
    expect((await read(cors(['https://*.example.com']))).services['theirs']!.cors).toEqual({
      origins: ['https://*.example.com'],
      credentials: false,
      headers: [],
      expose: [],
      maxAgeS: 600,
    })
  })

  test.each([
    'https://app.example.com',
    'https://app.example.com:8443',
    'https://*.example.com',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'http://*.localhost:3000',
  ])('%s may be named', async (origin) => {
    expect(await findingsOf(cors([origin]))).toEqual([])
  })

  test.each([
    ['*', 'name each origin'],
    ['null', 'write an origin'],
    ['https://app.example.com/', 'write an origin'],
    ['https://App.example.com', 'write an origin'],
    ['https://a.*.example.com', 'write an origin'],
    ['https://app*.example.com', 'write an origin'],
    ['https://*.com', 'a domain of your own'],
    ['https://*', 'write an origin'],
    ['http://app.example.com', 'write https'],
    ['http://127.0.0.1.evil.test', 'write https'],
    ['https://app.example.com:443', 'leave out :443'],
  ])('%s may not, and says why', async (origin, why) => {
    expect((await findingsOf(cors([origin]))).join()).toContain(why)
  })

  test('all that is wrong is told at once', async () => {
    const wrong = cors(['*'], { headers: ['*'], expose: ['a b'], maxAge: '2d', more: 1 })
    expect((await findingsOf(wrong)).length).toBe(5)
    expect(await findingsOf(cors([]))).toHaveLength(1)
  })
})
