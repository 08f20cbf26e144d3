import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { readConfig } from './config.ts'
import { validationFindings, validationOf } from './config-validation.ts'

async function read(validation?: unknown) {
  const folder = await temporaryFolder('config')
  const theirs = { contract: folder, url: 'http://127.0.0.1:9', production: false, validation }
  const config = await readConfig({ ...baseConfig, services: { theirs } }, join(folder, 'rockpool.config.ts'))
  return config.services['theirs']!.validation
}
const findingsOf = async (validation: unknown) =>
  (await findingsIn(read(validation))).map(({ path, message }) => `${path}: ${message}`)

test('nothing is judged unless it is written; a mode alone is that of the requests', async () => {
  expect(validationOf(await read(), 'getItem')).toBeUndefined()
  expect(validationOf(await read('off'), 'getItem')).toBeUndefined()
  expect(validationOf(await read('refuse'), 'getItem')).toEqual({
    requests: 'refuse',
    responses: 0,
    coerce: false,
  })
})

test('what an operation says itself counts, and its answers are judged all the same', async () => {
  const config = await read({
    requests: 'refuse',
    coerce: true,
    operations: { getItem: 'off', constructor: 'report' },
  })
  expect(validationOf(config, 'getItem')).toBeUndefined()
  expect(validationOf(config, 'constructor')).toMatchObject({ requests: 'report' })
  expect(validationOf(config, 'toString')).toEqual({ requests: 'refuse', responses: 0, coerce: true })
  const sampled = await read({ responses: 0.05, operations: { getItem: 'off' } })
  expect(validationOf(sampled, 'getItem')).toMatchObject({ requests: 'off', responses: 0.05 })
})

test('what cannot be meant is told, all at once', async () => {
  expect(await findingsOf('strict')).toEqual([
    "services.theirs.validation.requests: write 'refuse', 'report' or 'off'",
  ])
  expect(
    await findingsOf({ requests: 'off', responses: 5, operations: { getItem: true }, answers: 1 }),
  ).toEqual([
    'services.theirs.validation.responses: write a share from 0 to 1, such as 0.05',
    "services.theirs.validation.operations.getItem: write 'refuse', 'report' or 'off'",
    'services.theirs.validation: Unrecognized key: "answers"',
  ])
  const config = await read({ operations: { getItem: 'off', gone: 'off' } })
  expect(validationFindings('theirs', config, ['getItem'])).toEqual([
    {
      path: 'services.theirs.validation.operations.gone',
      message: 'the contract of theirs has no operation “gone”',
    },
  ])
})
