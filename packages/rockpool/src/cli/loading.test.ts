import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Says on stderr what is loaded. */
const telling = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process._rawDebug(url); return next(url, context) } })`

/** What of our sources, and of the server's framework, is loaded with a module of this folder. */
async function loadedWith(module: string, ...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@rockpool/source',
      `--import=data:text/javascript,${encodeURIComponent(telling)}`,
      fileURLToPath(new URL(module, import.meta.url)),
      ...args,
    ],
    { env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 16 * 1024 * 1024 },
  )
  const files = [...stderr.matchAll(/\/(?:packages\/rockpool\/src|node_modules\/hono)\/(\S+)/g)]
  return files.map(([, file]) => file!)
}

test('a command is loaded when it is asked for, with its parts: none of them before', async () => {
  const files = await loadedWith('main.ts', '--version')
  expect(files).toContain('cli/main.ts')
  expect(files.filter((file) => !/^(cli|kernel)\//.test(file))).toEqual([])
}, 60_000)

test('the way to control brings neither the server along nor the parts behind it', async () => {
  const files = await loadedWith('control.ts')
  expect(files).toContain('api/client/ask.ts')
  expect(
    files.filter((file) => !/^(cli|kernel|api\/client)\/|^api\/(light|status-answer)\./.test(file)),
  ).toEqual([])
}, 60_000)
