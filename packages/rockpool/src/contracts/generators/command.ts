import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { problem } from '../../kernel/index.ts'
import type { GeneratorRun } from './types.ts'

/** What is kept of what a generator says. */
const maxOutput = 64 * 1024

/**
 * Runs a generator: the document comes on its standard input, and stands in the file that `{input}` is replaced by; it writes to
 * the folder that `{output}` is replaced by. No shell reads the command: words are what stands between spaces or in quotes.
 * Everything that it started ends with it.
 * @throws Problem `invalid_input` with its exit code and what it said last, or when it takes too long
 */
export async function runGenerator(
  command: string,
  { document, folder, timeoutMs }: GeneratorRun,
): Promise<void> {
  const words = wordsOf(command)
  const home = await mkdtemp(join(tmpdir(), 'rockpool-generator-'))
  try {
    const input = join(home, 'openapi.json')
    const output = resolve(folder)
    await writeFile(input, document)
    await mkdir(output, { recursive: true })
    const filled = words.map((word) => word.replaceAll('{input}', input).replaceAll('{output}', output))
    const { said, ended } = await run(filled, document, timeoutMs)
    if (ended === null) return
    const detail = said.trim() === '' ? 'it said nothing' : `it said:\n${said.trim()}`
    throw problem('invalid_input', `the generator “${words[0]}” ${ended}; ${detail}`)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Words of a command; quotes hold one together. Pure. @throws Problem when a quote is left open, or there is no word */
export function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_, one: string | undefined, other: string | undefined) => one ?? other ?? '',
    ),
  )
  const rest = command.replaceAll(/"[^"]*"|'[^']*'/g, '')
  if (words.length === 0 || /["']/.test(rest))
    throw problem('invalid_input', 'the generator’s command has no word, or a quote that is not closed')
  return words
}

/** `ended` null: it did what it should. */
function run(
  [program = '', ...args]: string[],
  document: string,
  timeoutMs: number,
): Promise<{ said: string; ended: string | null }> {
  return new Promise((done) => {
    // A group of its own, so that it ends with everything that it started.
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    let said = ''
    const hear = (piece: Buffer) => (said = (said + piece.toString()).slice(-maxOutput))
    let isLate = false
    const stop = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
    const timer = setTimeout(() => {
      isLate = true
      stop()
    }, timeoutMs)
    const finish = (ended: string | null) => {
      clearTimeout(timer)
      stop()
      done({ said, ended })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    // It need not read its standard input.
    child.stdin.on('error', () => {})
    child.stdin.end(document)
    child.on('error', (error) => finish(`cannot be started: ${error.message}`))
    child.on('exit', (code, signal) => {
      if (isLate) finish(`took longer than ${timeoutMs / 1_000} s`)
      else
        finish(
          code === 0 ? null : `ended with ${code === null ? (signal ?? 'a signal') : `exit code ${code}`}`,
        )
    })
  })
}
