import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { askGenerator, filesOf } from './address.ts'
import { runGenerator, wordsOf } from './command.ts'

const document = JSON.stringify({
  openapi: '3.1.0',
  paths: { '/pets': { get: { operationId: 'listPets' } } },
})
const example = new URL('../../../test/fixtures/generator/endpoints.py', import.meta.url).pathname
const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A program of a few lines. */
async function program(source: string): Promise<string> {
  const file = join(await temporaryFolder('generator'), 'generate.mjs')
  await writeFile(file, source)
  return `"${process.execPath}" "${file}"`
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

describe('a command', () => {
  test.skipIf(!hasPython)(
    `writes to its folder what it makes of the document${hasPython ? '' : ' (there is no python3)'}`,
    async () => {
      const folder = join(await temporaryFolder('generated'), 'deep/er')
      await runGenerator(`python3 ${example} {output}`, { document, folder, timeoutMs: 10_000 })
      expect(await readFile(join(folder, 'endpoints.py'), 'utf8')).toBe(`listPets = ('GET', '/pets')\n`)
    },
  )

  test('has the document as a file, too, and no shell reads it', async () => {
    const folder = await temporaryFolder('generated')
    const source = `import { cpSync, writeFileSync } from 'node:fs'
const [input, output, ...rest] = process.argv.slice(2)
cpSync(input, output + '/same.json')
writeFileSync(output + '/words', rest.join('\\n'))`
    const command = `${await program(source)} {input} {output} $HOME '; touch x' "a b"c`
    await runGenerator(command, { document, folder, timeoutMs: 10_000 })
    expect(await readFile(join(folder, 'same.json'), 'utf8')).toBe(document)
    expect(await readFile(join(folder, 'words'), 'utf8')).toBe('$HOME\n; touch x\na bc')
  })

  test('that fails is told with its exit code and what it said', async () => {
    const folder = await temporaryFolder('generated')
    const command = await program(`console.error('no template for you'); process.exit(3)`)
    const told = await refusal(runGenerator(command, { document, folder, timeoutMs: 10_000 }))
    expect(told).toMatchObject({ code: 'invalid_input' })
    expect(told.detail).toMatch(/ended with exit code 3; it said:\nno template for you/)
    const absent = await refusal(runGenerator('/nowhere/generate', { document, folder, timeoutMs: 10_000 }))
    expect(absent.detail).toContain('cannot be started')
    for (const text of ['', ' ', `a "b`]) expect(() => wordsOf(text)).toThrow(/has no word, or a quote/)
  })

  test('that takes too long ends, with everything that it started', async () => {
    const folder = await temporaryFolder('generated')
    const source = `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
writeFileSync(process.argv[2] + '/pid', String(inner.pid))
setInterval(() => {}, 1000)`
    const command = `${await program(source)} {output}`
    const told = await refusal(runGenerator(command, { document, folder, timeoutMs: 1_500 }))
    expect(told.detail).toContain('took longer than 1.5 s')
    const inner = Number(await readFile(join(folder, 'pid'), 'utf8'))
    await eventually('the inner process has ended', async () => isGone(inner))
  })
})

describe('an address', () => {
  const open: (() => void)[] = []
  afterEach(() => {
    for (const close of open.splice(0)) close()
  })

  async function listening(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(answer)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    open.push(() => {
      server.close()
      server.closeAllConnections()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/generate`
  }

  test('gets the document and answers files', async () => {
    let got = ''
    const address = await listening((request, response) => {
      request.on('data', (piece: Buffer) => (got += piece.toString()))
      request.on('end', () => response.end(JSON.stringify({ files: { 'a/b.go': 'package a', 'c.txt': '' } })))
    })
    const files = await askGenerator(address, { document, timeoutMs: 5_000 })
    expect(Object.fromEntries(files)).toEqual({ 'a/b.go': 'package a', 'c.txt': '' })
    expect(got).toBe(document)
  })

  test('that refuses, redirects, is silent or is none is told', async () => {
    const ask = async (answer: Parameters<typeof listening>[0], timeoutMs = 5_000) =>
      (await refusal(askGenerator(await listening(answer), { document, timeoutMs }))).detail
    expect(await ask((_, response) => response.writeHead(500).end('no template'))).toContain(
      'answered 500: no template',
    )
    expect(await ask((_, response) => response.end('<h1>'))).toContain('answered no JSON')
    expect(await ask((_, response) => response.writeHead(302, { location: '/x' }).end())).toContain(
      'no answer that can be used',
    )
    expect(await ask(() => {}, 50)).toContain('no answer that can be used')
    expect(
      await ask((_, response) => response.writeHead(200, { 'content-length': 2 ** 30 }).flushHeaders()),
    ).toContain('no answer')
    for (const address of ['http://example.org/', 'file:///etc/passwd', 'generate'])
      expect((await refusal(askGenerator(address, { document, timeoutMs: 50 }))).detail).toContain(
        'begins with https://',
      )
  })

  test('answers no file out of the folder: all that is wrong is told, and nothing is written', () => {
    const paths = [
      '../a',
      '/a',
      'a/../../b',
      'a//b',
      'a\\b',
      'C:a',
      '.git/hooks/x',
      'c/..',
      'a\u0000',
      '',
      './a',
      'a.',
    ]
    const files = Object.fromEntries(paths.map((path) => [path, 'x']))
    const told = (answer: unknown) => {
      try {
        filesOf(answer, 'the generator')
        return []
      } catch (error) {
        return (error as { findings: { path: string }[] }).findings.map(({ path }) => path)
      }
    }
    expect(told({ files: { ...files, 'good.ts': 'x' } })).toEqual(paths.map((path) => `files.${path}`))
    expect(told({ files: { a: 'x', 'a/b': 'x', c: 1 } })).toEqual(['files.c', 'files.a/b'])
    expect(told({ files: {} })).toEqual(['files'])
    expect(() => filesOf({ files: [] }, 'the generator')).toThrow(/answered no/)
    expect([...filesOf({ files: { 'src/a-b_c.test.ts': '' } }, 'the generator').keys()]).toEqual([
      'src/a-b_c.test.ts',
    ])
  })
})
