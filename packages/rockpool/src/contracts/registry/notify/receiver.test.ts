import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { temporaryFolder } from '../../../../test/support/folder.ts'
import { root } from '../../../../test/support/installation.ts'
import { startNotices } from '../../../../test/support/notices.ts'
import { freePort } from '../../../kernel/index.ts'
import { signedHeaders } from './signature.ts'

/** A process has to start, and the machine may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

test('the receiver of the page takes what is signed for it, once, and nothing else', async () => {
  const page = await readFile(join(root, 'docs/contracts.md'), 'utf8')
  const [, text = ''] =
    /^A receiver that verifies[^`]*(?:`[^`\n]+`[^`]*)*^```js\n([\s\S]+?)^```$/m.exec(page) ?? []
  const file = join(await temporaryFolder('receiver'), 'receiver.mjs')
  await writeFile(file, text)

  const { port } = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const t = await startNotices([origin])
  onTestFinished(() => t.close())
  const secret = (await t.watch('mem_1', `${origin}/contracts`))!
  const child = spawn(process.execPath, [file], {
    env: { PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const said: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  const post = async (headers: Record<string, string>, body: string) =>
    (await fetch(origin, { method: 'POST', headers, body })).status
  await eventually('it listens', async () => (await post({}, '')) === 401, 30_000)

  // Its clock is that of this machine.
  await t.clock.advance(Date.now() - t.clock.now())
  t.sender().start()
  await t.change()
  await t.notice('mem_1', 'it is told', ({ delivery }) => delivery?.state === 'told')
  await eventually('it has said so', async () => said.join('\n').includes("service: 'things'"))

  const lines = said.length
  const body = '{"data": "more"}'
  const at = (seconds: number) =>
    signedHeaders({ message: 'ntc_1', at: Date.now() + seconds * 1_000, body }, secret)
  expect(await post(at(0), `${body} `)).toBe(401)
  expect(await post({ ...at(0), 'webhook-id': 'ntc_2' }, body)).toBe(401)
  expect(await post(at(-600), body)).toBe(401)
  expect(await post({ ...at(0), 'webhook-signature': 'v1,AAAA' }, body)).toBe(401)
  expect([await post(at(0), body), await post(at(1), body)]).toEqual([204, 204])
  await eventually('it has said it once', async () => said.slice(lines).join('') === 'more')
})
