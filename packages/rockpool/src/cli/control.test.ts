import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { listSecrets } from '../secrets/index.ts'
import { openControl } from './control.ts'

let folder: string
let config: string
let data: string
beforeEach(async () => {
  folder = await temporaryFolder('control')
  config = join(folder, 'rockpool.config.mjs')
  data = join(folder, 'my data')
  await mkdir(data)
  await writeFile(
    config,
    `export default { name: 'shop', services: {}, sandboxes: { parent: 'harbor' },
      organizations: [{ slug: 'harbor', name: 'Harbor', environment: 'production' }],
      installations: { local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true } } }`,
  )
  vi.stubEnv('XDG_CONFIG_HOME', folder)
  vi.stubEnv('ROCKPOOL_CREDENTIAL', 'rp_control_test')
})
afterEach(() => vi.unstubAllEnvs())

/** A control that answers so, where the data folder says that it runs; the origin is given back. */
function control(status: number): Promise<{ close(): void }> {
  return controlThat((_, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ code: 'credential_ended', status, detail: 'the credential has ended' }))
  })
}

async function controlThat(answers: RequestListener): Promise<{ close(): void }> {
  const server = createServer(answers)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeFile(
    join(data, 'endpoints.json'),
    JSON.stringify({ gateway: origin, control: origin, pid: process.pid }),
  )
  onTestFinished(() => void server.close())
  return server
}

/** As a person would have it in the clipboard. */
const named = () => `--installation local --config ${config} --data '${data}'`
const ask = async () =>
  (await openControl({ config, installation: 'local', data }, { quiet: true })).client.call(
    'GET /secrets',
    {},
  )

test('who is not signed in is told a command for this installation, as it was named', async () => {
  await control(200)
  vi.stubEnv('ROCKPOOL_CREDENTIAL', '')
  await expect(ask()).rejects.toThrow(`run “rockpool login ${named()}”`)
})

test('so is who was signed in', async () => {
  await control(401)
  await expect(ask()).rejects.toThrow(`sign in again with “rockpool login ${named()}”`)
})

test('so is who finds that what ran there runs no more', async () => {
  const server = await control(200)
  server.close()
  await expect(ask()).rejects.toThrow(`is “rockpool up ${named()}” running there?`)
})

test('a call that takes long says what is under way, in the words of its operation', async () => {
  const said: string[] = []
  const written = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text))
    return true
  })
  onTestFinished(() => written.mockRestore())
  await controlThat(async (_, response) => {
    // Not before it was said.
    await vi.waitFor(
      () => expect(said.join('')).toContain('List the secrets by name; never a value: under way'),
      10_000,
    )
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}')
  })
  const { client } = await openControl({ config, installation: 'local', data })
  await expect(client.call('GET /secrets', {})).resolves.toEqual({ items: [] })
}, 20_000)

test('checks and bots that run here are told the same', async () => {
  await control(401)
  const { operations } = await openControl({ config, installation: 'local', data }, { quiet: true })
  await expect(operations.call(listSecrets, {})).rejects.toThrow(
    `sign in again with “rockpool login ${named()}”`,
  )
})
