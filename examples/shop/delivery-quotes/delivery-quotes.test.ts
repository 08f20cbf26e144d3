import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProgram } from '../testing/program.ts'

const folder = new URL('./', import.meta.url)
const hasPython = spawnSync('python3', ['--version']).status === 0
// In CI a skipped proof would look like one that was made.
if (!hasPython && process.env['CI'] === 'true') throw new Error('python3 is missing')

describe.skipIf(!hasPython)(hasPython ? 'delivery-quotes' : 'delivery-quotes: python3 is missing', () => {
  let server: Awaited<ReturnType<typeof startProgram>>
  beforeAll(async () => {
    server = await startProgram(['python3', '-B', 'server.py'], { folder })
  })
  afterAll(() => server.stop())

  test('its own unit tests pass', () => {
    const run = spawnSync('python3', ['-B', '-m', 'unittest'], { cwd: folder, encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
  })

  test('a delivery is quoted', async () => {
    const answer = await fetch(`${server.url}/delivery-quotes?country=DE&weight=1200`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ country: 'DE', weight: 1200, price: 550, currency: 'EUR', days: 2 })
  })

  test('bad input is a problem with all findings', async () => {
    const answer = await fetch(`${server.url}/delivery-quotes?country=Mars&weight=-1`)
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({
      code: 'invalid_input',
      findings: [{ path: '/query/country' }, { path: '/query/weight' }],
    })
  })

  test('another path and another method are refused as problems', async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(404)
    const post = await fetch(`${server.url}/delivery-quotes`, { method: 'POST', body: '{}' })
    expect(post.status).toBe(405)
    expect(post.headers.get('allow')).toBe('GET')
  })

  test('it ends by itself when told to, with a connection open', async () => {
    const other = await startProgram(['python3', '-B', 'server.py'], { folder })
    await (await fetch(`${other.url}/health`)).text() // fetch keeps this connection
    expect(await other.stop()).toBe(0)
  })
})
