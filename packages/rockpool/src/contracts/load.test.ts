import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { loadContract } from './load.ts'
import { originOf } from './source/origins.ts'

const info = { title: 'Things', version: '1' }
const get = (schema: object) => ({
  get: {
    operationId: 'getThing',
    responses: { '200': { description: '', content: { 'application/json': { schema } } } },
  },
})

/** Files by name, and the folder that they are in. */
async function folderOf(files: Record<string, object | string>): Promise<string> {
  const folder = await temporaryFolder('contract')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    )
  }
  return folder
}

const messagesOf = async (file: string) =>
  (await loadContract(file)).findings.map(({ message }) => message.replaceAll(/\/\S*\//g, '…/'))

test('a document may be spread over files, which lead to each other by their own places', async () => {
  const folder = await folderOf({
    'api.yaml':
      'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    $ref: paths/a.json\ncomponents:\n  schemas:\n    Own: {type: string}\n',
    'paths/a.json': get({ $ref: '../schemas/order.yaml#/Order' }),
    'schemas/order.yaml':
      'Order:\n  type: object\n  properties:\n    lines: {type: array, items: {$ref: "#/Line"}}\n    own: {$ref: "../api.yaml#/components/schemas/Own"}\nLine:\n  type: object\n  properties: {order: {$ref: "order.yaml#/Order"}}\n',
  })
  const reading = await loadContract(join(folder, 'api.yaml'))
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  const { schemas, operations } = reading.contract
  expect(operations[0]!.responses[0]!.content[0]!.schema).toEqual({ $ref: '#/components/schemas/Order' })
  expect(Object.fromEntries(schemas)).toEqual({
    Own: { type: 'string' },
    Order: {
      type: 'object',
      properties: {
        lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
        own: { $ref: '#/components/schemas/Own' },
      },
    },
    Line: { type: 'object', properties: { order: { $ref: '#/components/schemas/Order' } } },
  })
  expect(originOf(schemas.get('Line') as object)).toMatchObject({
    file: join(folder, 'schemas/order.yaml'),
    line: 7,
    pointer: '/Line',
  })
})

test('a whole file may be a schema, and is named after it', async () => {
  const folder = await folderOf({
    'api.json': {
      openapi: '3.1.0',
      info,
      paths: { '/a': get({ $ref: 'thing.json' }), '/b': get({ $ref: './thing.json#' }) },
    },
    'thing.json': { type: 'object' },
  })
  const reading = await loadContract(join(folder, 'api.json'))
  expect(reading.ok && [...reading.contract.schemas]).toEqual([['thing', { type: 'object' }]])
})

test('what lies outside is not read: by its path, by an absolute one, or by a link', async () => {
  const outside = await folderOf({ 'secret.json': { type: 'string' } })
  const folder = await folderOf({
    'api.json': {
      openapi: '3.1.0',
      info,
      paths: {
        '/a': get({ $ref: `${outside}/secret.json` }),
        '/b': get({ $ref: '../../../../../../../../etc/passwd' }),
        '/c': get({ $ref: 'link.json' }),
      },
    },
  })
  await symlink(join(outside, 'secret.json'), join(folder, 'link.json'))
  const messages = await messagesOf(join(folder, 'api.json'))
  expect(messages.filter((message) => message.includes('which cannot be read'))).toHaveLength(3)
  const why = /which cannot be read: it stands neither below the folder of the document nor below the working/
  expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(why)]))
  expect(await messagesOf(join(folder, 'link.json'))).toEqual([
    'it is a link that leads out of its folder: name the file itself',
  ])
})

test('nothing is fetched from the network, unless somebody is given who fetches', async () => {
  const folder = await folderOf({
    'api.json': {
      openapi: '3.1.0',
      info,
      paths: { '/a': get({ $ref: 'https://example.test/v1/a.json#/A' }) },
    },
  })
  const file = join(folder, 'api.json')
  expect(await messagesOf(file)).toEqual([
    expect.stringMatching(/leads into the network: .* without --allow-remote https:.*example\.test$/),
  ])
  const asked: string[] = []
  const reading = await loadContract(file, {
    async fetchText(url) {
      asked.push(url)
      return url.endsWith('/a.json') ? '{"A": {"items": {"$ref": "b.json"}}}' : '{"type": "string"}'
    },
  })
  expect(asked).toEqual(['https://example.test/v1/a.json', 'https://example.test/v1/b.json'])
  expect(reading.ok && reading.contract.schemas.get('A')).toEqual({
    items: { $ref: '#/components/schemas/b' },
  })
})

test('what is wrong in another file is told with that file', async () => {
  const folder = await folderOf({
    'api.json': {
      openapi: '3.1.0',
      info,
      paths: { '/a': get({ $ref: 'b.json' }), '/b': get({ $ref: 'absent.json' }) },
    },
    'b.json': '{"type": "object",\n"type": 1}',
  })
  const { findings } = await loadContract(join(folder, 'api.json'))
  expect(findings).toEqual([
    {
      level: 'error',
      path: '(the whole)',
      message: '“type” stands here twice',
      file: join(folder, 'b.json'),
      line: 2,
    },
  ])
})

test('a file that is not there, is a folder, or leads to more files than anybody has', async () => {
  const folder = await folderOf({ 'a/b.json': '1' })
  expect(await messagesOf(join(folder, 'absent.json'))).toEqual([
    expect.stringMatching(/^cannot be read: ENOENT/),
  ])
  expect(await messagesOf(join(folder, 'a'))).toEqual([expect.stringMatching(/^cannot be read: EISDIR/)])
  const many = Object.fromEntries(
    Array.from({ length: 1_100 }, (_, index) => [`/p${index}`, { $ref: `p${index}.json` }]),
  )
  await writeFile(join(folder, 'api.json'), JSON.stringify({ openapi: '3.1.0', info, paths: many }))
  expect(await messagesOf(join(folder, 'api.json'))).toEqual(['it is spread over more than 1000 files'])
})

test('each part of a document may be a file of its own, and a description one of Markdown', async () => {
  const folder = await folderOf({
    'api.yaml':
      'openapi: 3.0.3\ninfo: {$ref: parts/info.yaml}\npaths: {$ref: parts/paths.yaml}\ncomponents: {schemas: {$ref: parts/schemas.yaml}}\n',
    'parts/info.yaml': 'title: Kites\nversion: "1"\ndescription: {$ref: words.md}\n',
    'parts/words.md': '# Kites: *fly* them\n\n- {so: [they say\n',
    'parts/paths.yaml': '/kites:\n  get: {$ref: getKites.yaml}\n',
    'parts/getKites.yaml':
      'operationId: getKites\nx-samples: [{source: {$ref: sample.php}}]\nresponses:\n  "200":\n    description: ok\n    content: {application/json: {schema: {$ref: "../api.yaml#/components/schemas/Kite"}}}\n',
    'parts/sample.php': '<?php\n\t$kites = [\n\t"a" => get("{/kites}"),\n',
    'parts/schemas.yaml': 'Kite:\n  properties: {next: {$ref: "#/Kite"}}\n',
  })
  const reading = await loadContract(join(folder, 'api.yaml'))
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  const { contract } = reading
  expect(contract.description).toBe('# Kites: *fly* them\n\n- {so: [they say\n')
  expect(contract.operations.map(({ id }) => id)).toEqual(['getKites'])
  expect(contract.operations[0]!.responses[0]!.content[0]!.schema).toEqual({
    $ref: '#/components/schemas/Kite',
  })
  expect([...contract.schemas]).toEqual([
    ['Kite', { properties: { next: { $ref: '#/components/schemas/Kite' } } }],
  ])
})
