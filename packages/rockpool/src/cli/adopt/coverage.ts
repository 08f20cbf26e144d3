import { glob, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../kernel/index.ts'

/* Which operations of a service the checks call: by the evidence of their last runs, or else by what their files say. */

/** Names of operations. */
export type Called = Set<string>

/** Calls that stand in the check files, and in what they import by a relative path: `api.<service>.<operation>(`. */
export async function calledInFiles(config: Config, service: string): Promise<Called> {
  const called: Called = new Set()
  for (const source of await sourcesOf(config)) {
    for (const name of callsIn(source, service)) called.add(name)
  }
  return called
}

/** Pure. */
export function callsIn(source: string, service: string): string[] {
  const name = service.replaceAll(/[^\w-]/g, '')
  const of = String.raw`\bapi\s*(?:\.\s*${name}\b|\[\s*['"]${name}['"]\s*\])`
  const dotted = new RegExp(String.raw`${of}\s*\.\s*(\w+)\s*\(`, 'g')
  const bracketed = new RegExp(String.raw`${of}\s*\[\s*['"]([^'"]+)['"]\s*\]\s*\(`, 'g')
  return [dotted, bracketed].flatMap((expression) =>
    [...source.matchAll(expression)].map((match) => match[1]!),
  )
}

async function sourcesOf(config: Config): Promise<string[]> {
  const files: string[] = []
  for (const pattern of config.checks) {
    for await (const file of glob(pattern, {
      cwd: config.folder,
      exclude: (name) => name === 'node_modules',
    }))
      files.push(resolve(config.folder, file))
  }
  const sources = new Map<string, string>()
  while (files.length > 0 && sources.size < 500) {
    const file = files.shift()!
    if (sources.has(file)) continue
    const source = await readFile(file, 'utf8').catch(() => '')
    sources.set(file, source)
    for (const [, path] of source.matchAll(/\bfrom\s*['"](\.{1,2}\/[^'"]+)['"]/g))
      files.push(resolve(dirname(file), path!))
  }
  return [...sources.values()]
}

/** Calls of the evidence that were answered by the service itself, in runs that passed. Pure. */
export function calledInEvidence(
  runs: readonly {
    verdict: string | null
    attempts: readonly { evidence: { entries: readonly unknown[] } }[]
  }[],
  service: string,
): Called {
  const called: Called = new Set()
  for (const { verdict, attempts } of runs) {
    if (verdict !== 'pass') continue
    for (const entry of attempts.at(-1)?.evidence.entries ?? []) {
      const call = entry as {
        type?: string
        service?: string
        operation?: string
        status?: number | null
        problem?: string | null
      }
      if (call.type === 'call' && call.service === service && call.status && !call.problem)
        called.add(call.operation!)
    }
  }
  return called
}
