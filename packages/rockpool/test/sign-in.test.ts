import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './support/eventually.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'

// The way of a person to the first page: the link that `rockpool up` prints, or one of `rockpool login --browser`.

let copy: TestShop
let shop: Installation
/** All that `rockpool up` says, apart from its results. */
let progress = ''
let printed = ''

beforeAll(async () => {
  copy = await copyShop()
  shop = await startInstallation({
    shop: copy,
    onProgress: (text) => (progress += text),
    onOutput: (text) => (printed += text),
  })
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

/** What the page does with the link, as a browser's fetch does it. */
async function open(url: string) {
  const link = new URL(url)
  const answer = await fetch(new URL('/session', link), {
    method: 'POST',
    headers: { origin: link.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ ticket: link.hash.slice(1) }),
  })
  const body = (await answer.json()) as Record<string, unknown>
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { cookie, 'rockpool-session-key': String(body['key']), origin: link.origin }
  return {
    status: answer.status,
    body,
    headers,
    secrets: [link.hash.slice(1), cookie.split('=')[1]!, String(body['key'])],
    call: async (method: string, path: string, sent?: unknown) => {
      const response = await fetch(new URL(path, link), {
        method,
        headers: { ...headers, ...(sent ? { 'content-type': 'application/json' } : {}) },
        ...(sent ? { body: JSON.stringify(sent) } : {}),
      })
      return { status: response.status, text: await response.text() }
    },
  }
}

const linkOf = (text: string) => /http:\/\/[^\s"]+\/sign-in#[\w-]+/.exec(text)?.[0] ?? ''

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

test('the link that rockpool up prints signs the owner in with one click, once; no file and no other output has it', async () => {
  const url = linkOf(printed)
  expect(url).toMatch(new RegExp(`^${shop.control}/sign-in#`))
  const page = await open(url)
  expect(page).toMatchObject({ status: 201, body: { name: 'installation owner', role: 'owner' } })
  expect((await page.call('GET', '/checks')).status).toBe(200)
  expect((await open(url)).body['code']).toBe('ticket_refused')

  // Of the installation, its Postgres, its logs, and the home of whoever started it.
  const files = await filesBelow(dirname(shop.folder)).then((all) =>
    all.filter((file) => !file.includes('node_modules')),
  )
  expect(files.some((file) => /logs\/rockpool-control.*ndjson$|logs\/control.*ndjson$/.test(file))).toBe(true)
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.alloc(0))
    for (const secret of page.secrets) expect(content.includes(secret), file).toBe(false)
  }
  for (const secret of page.secrets) expect(progress).not.toContain(secret)
})

test('rockpool login --browser makes another; for a viewer one who may only read, in every command of the API', async () => {
  await shop.api('POST', '/organizations/harbor/members', { email: 'mia@example.com', role: 'viewer' })
  const made = await shop.cli('login', '--browser', '--organization', 'harbor', '--email', 'mia@example.com')
  expect(made.code, made.stderr).toBe(0)
  expect(made.stdout.trim()).toBe(linkOf(made.stdout))
  const page = await open(made.stdout.trim())
  expect(page.body).toMatchObject({
    name: 'mia@example.com',
    organization: 'harbor',
    role: 'viewer',
    scopes: ['read'],
  })
  expect((await page.call('GET', '/organizations/harbor')).status).toBe(200)

  const document = (await (await fetch(`${shop.control}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security: Record<string, string[]>[]; operationId: string }>>
  }
  let refused = 0
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { security, operationId }] of Object.entries(item)) {
      const [needed] = security.flatMap(({ control }) => control ?? [])
      if (needed === undefined || needed === 'read') continue
      const { status, text } = await page.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'harbor'))
      expect({ operationId, status, text }).toMatchObject({
        status: 403,
        text: expect.stringContaining('scope_missing'),
      })
      refused += 1
    }
  }
  expect(refused).toBeGreaterThan(8)
})

test('a page of the dashboard is served where the link leads', async () => {
  const answer = await fetch(`${shop.control}/sign-in`, { headers: { accept: 'text/html' } })
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
})

test('Postgres is killed: a page’s stream stands, and afterwards is told that everything may have changed', async () => {
  const made = await shop.cli('login', '--browser')
  const page = await open(made.stdout.trim())
  const stream = await fetch(`${shop.control}/live`, { headers: page.headers })
  let heard = ''
  const reading = (async () => {
    for await (const text of stream.body!.pipeThrough(new TextDecoderStream())) heard += text
  })()
  await eventually('the stream begins', async () => heard.includes('event: hello'))

  const files = await filesBelow(join(shop.data, 'postgres'))
  const mark = await readFile(
    files.find((file) => file.endsWith('postmaster.pid'))!,
    'utf8',
  )
  process.kill(Number(mark.split('\n')[0]), 'SIGKILL')
  const all = ['checks', 'runs', 'bots', 'sandboxes', 'organizations', 'services', 'requests', 'faults']
  await eventually('all topics are told', async () =>
    [...heard.matchAll(/^event: changed\ndata: (.*)$/gm)].some(([, data]) =>
      all.every((topic) => data!.includes(`"${topic}"`)),
    ),
  )

  // Signed out, it ends: nothing is told any more.
  await eventually(
    'the session is signed out',
    async () => (await page.call('DELETE', '/session')).status === 204,
  )
  await reading
})
