import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { readConfig } from './config.ts'
import type { Config } from './config.ts'

const limit = { per: 'organization', limit: 100, window: '1s' }

async function read(changes: object, service: object = {}): Promise<Config> {
  const folder = await temporaryFolder('config')
  // The folder stands for the contract: it is there, and nobody reads it here.
  const theirs = { contract: folder, url: 'http://127.0.0.1:9', production: false, ...service }
  return readConfig({ ...baseConfig, services: { theirs }, ...changes }, join(folder, 'rockpool.config.ts'))
}

const findingsOf = (changes: object, service?: object) => findingsIn(read(changes, service))

test('nothing is limited unless it is written, and what is written gets a name and a burst', async () => {
  expect((await read({})).rateLimits).toEqual([])
  const written = [
    limit,
    {
      ...limit,
      organization: 'harbor',
      environment: 'production',
      service: 'theirs',
      operation: 'list items',
      per: 'credential',
      window: '1m',
      burst: 5,
    },
  ]
  expect((await read({ rateLimits: written })).rateLimits).toEqual([
    {
      name: 'all-per-organization-1s',
      organization: null,
      environment: null,
      service: null,
      operation: null,
      per: 'organization',
      limit: 100,
      windowMs: 1_000,
      burst: 100,
    },
    {
      name: 'harbor.production.list-items-per-credential-1m',
      organization: 'harbor',
      environment: 'production',
      service: 'theirs',
      operation: 'list items',
      per: 'credential',
      limit: 100,
      windowMs: 60_000,
      burst: 5,
    },
  ])
})

test('everything that is wrong with rate limits comes at once', async () => {
  const rateLimits = [
    { ...limit, service: 'nowhere', organization: 'pier' },
    { ...limit, name: 'tests', organization: 'harbor-test', environment: 'production' },
    { ...limit, name: 'tests', organization: '*' },
  ]
  expect(await findingsOf({ rateLimits })).toEqual([
    { path: 'rateLimits.0.service', message: 'there is no service “nowhere”' },
    { path: 'rateLimits.0.organization', message: '“pier” is not among the organizations' },
    {
      path: 'rateLimits.1.environment',
      message: '“harbor-test” is a sandbox: no call of it is one of production',
    },
    {
      path: 'rateLimits.2.name',
      message: 'another rate limit is called “tests” already: give this one a name of its own',
    },
  ])
})

test('fields that no limit can have are told one by one', async () => {
  const rateLimits = [
    { ...limit, window: '500ms', limit: 0 },
    { ...limit, window: '2d', burst: 1.5 },
    { ...limit, per: 'address', name: 'with "quotes"' },
    { ...limit, windw: '1s' },
  ]
  expect((await findingsOf({ rateLimits })).map(({ path }) => path)).toEqual([
    'rateLimits.0.limit',
    'rateLimits.0.window',
    'rateLimits.1.window',
    'rateLimits.1.burst',
    'rateLimits.2.name',
    'rateLimits.2.per',
    'rateLimits.3',
  ])
})

test('a service may say how many calls it takes at once', async () => {
  expect((await read({}, { concurrency: 20 })).services['theirs']).toMatchObject({ concurrency: 20 })
  expect(await findingsOf({}, { concurrency: 0 })).toEqual([
    { path: 'services.theirs.concurrency', message: 'write a whole number of at least 1' },
  ])
})
