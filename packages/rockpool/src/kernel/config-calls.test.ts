import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { callLimitFindings, callLimitsOf } from './config-calls.ts'
import { readConfig } from './config.ts'

async function read(limits: unknown) {
  const folder = await temporaryFolder('config')
  // The folder stands for the contract: it is there, and nobody reads it here.
  const theirs = { contract: folder, url: 'http://127.0.0.1:9', production: false, limits }
  return readConfig({ ...baseConfig, services: { theirs } }, join(folder, 'rockpool.config.ts'))
}

test('what an operation does not say itself is said for all; what nobody says is the gateway’s', async () => {
  const { services } = await read({
    '*': { total: '30s', body: '1MB' },
    upload: { body: 'none' },
    report: {},
  })
  const { limits } = services['theirs']!
  expect(callLimitsOf(limits, 'getItem')).toEqual({ totalMs: 30_000, maxBodyBytes: 1_048_576 })
  expect(callLimitsOf(limits, 'upload')).toEqual({ totalMs: 30_000, maxBodyBytes: null })
  expect(callLimitsOf(limits, 'report')).toEqual({ totalMs: 30_000, maxBodyBytes: 1_048_576 })
  expect(callLimitsOf({ upload: { total: 'none' } }, 'upload')).toEqual({ totalMs: null })
  expect(callLimitsOf({ upload: { total: 'none' } }, 'constructor')).toEqual({})
  expect(callLimitsOf(undefined, 'getItem')).toEqual({})
  const unsaid = { '*': { total: '30s', body: '1MB' }, getItem: { total: undefined, body: undefined } }
  expect(callLimitsOf(unsaid, 'getItem')).toEqual({ totalMs: 30_000, maxBodyBytes: 1_048_576 })
})

test.each<[unknown, string]>([
  [{ '*': { total: '2d' } }, 'services.theirs.limits.*.total'],
  [{ '*': { total: '0s' } }, 'services.theirs.limits.*.total'],
  [{ upload: { body: '10' } }, 'services.theirs.limits.upload.body'],
  [{ upload: { body: '0B' } }, 'services.theirs.limits.upload.body'],
  [{ upload: { size: '1MB' } }, 'services.theirs.limits.upload'],
])('%j is a finding at its place', async (limits, path) => {
  expect((await findingsIn(read(limits))).map((finding) => finding.path)).toEqual([path])
})

test('limits of an operation that is not there are a finding', () => {
  const config = { '*': {}, getItem: {}, gone: {} }
  expect(callLimitFindings('theirs', config, ['getItem'])).toEqual([
    { path: 'services.theirs.limits.gone', message: 'the contract of theirs has no operation “gone”' },
  ])
})
