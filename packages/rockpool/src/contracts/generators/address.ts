import { problem, readBytes } from '../../kernel/index.ts'
import type { Finding } from '../../kernel/index.ts'
import type { GeneratorRun } from './types.ts'

const maxAnswer = 32 * 1024 * 1024
const maxFiles = 10_000

/**
 * Asks a generator at an address: a POST of the document, answered by `{ "files": { "<path>": "<text>" } }`.
 * @returns files by their paths, none of which leads out of the folder that they are for
 * @throws Problem `invalid_input`, with all that is wrong with the answer
 */
export async function askGenerator(
  address: string,
  { document, timeoutMs }: Pick<GeneratorRun, 'document' | 'timeoutMs'>,
): Promise<Map<string, string>> {
  const url = URL.parse(address)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)))
    throw problem(
      'invalid_input',
      'a generator’s address begins with https:// (http:// on this machine alone)',
    )
  const where = `the generator at ${url.host}`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: document,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = new TextDecoder().decode(await readBytes(response, maxAnswer))
    if (!response.ok)
      throw problem('invalid_input', `${where} answered ${response.status}: ${text.slice(0, 1_000)}`)
    return filesOf(JSON.parse(text), where)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'invalid_input') throw error
    const why =
      error instanceof SyntaxError
        ? 'answered no JSON'
        : `gave no answer that can be used (${(error as Error).message})`
    throw problem('invalid_input', `${where} ${why}`, { cause: error })
  }
}

/** Pure. @throws Problem */
export function filesOf(answer: unknown, where: string): Map<string, string> {
  const files = (answer as { files?: unknown } | null)?.files
  if (typeof files !== 'object' || files === null || Array.isArray(files))
    throw problem('invalid_input', `${where} answered no { "files": { "<path>": "<text>" } }`)
  const entries = Object.entries(files)
  const findings: Finding[] = entries.flatMap(([path, text]) => {
    const fault = typeof text === 'string' ? faultOf(path) : 'is no text'
    return fault === null ? [] : [{ path: `files.${path.slice(0, 200)}`, message: fault }]
  })
  // A file is no folder of another one: nothing would be written by half.
  const names = new Set(entries.map(([path]) => path.toLowerCase()))
  for (const [path] of entries)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (names.has(path.slice(0, at).toLowerCase()))
        findings.push({ path: `files.${path}`, message: 'stands below a file' })
  if (entries.length === 0) findings.push({ path: 'files', message: 'is empty' })
  if (entries.length > maxFiles) findings.push({ path: 'files', message: `has more than ${maxFiles}` })
  if (findings.length > 0)
    throw problem('invalid_input', `${where} answered files that cannot be written`, {
      findings: findings.slice(0, 100),
    })
  return new Map(entries as [string, string][])
}

/** Why a path may lead out of its folder, or cannot be written everywhere; null: it is good. */
function faultOf(path: string): string | null {
  if (!/^[\w.@+ ()[\]{}$,=~-]+(?:\/[\w.@+ ()[\]{}$,=~-]+)*$/.test(path) || path.length > 500)
    return 'has to be names with / between them'
  if (
    path
      .split('/')
      .some((name) => name === '.' || name === '..' || name.endsWith('.') || name.startsWith('.git'))
  )
    return 'leads out of its folder, or to a name that is not for files'
  return null
}
