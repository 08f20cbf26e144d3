import { glob, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Finding } from '../kernel/index.ts'
import type { RawFinding, RawScenario } from './child/protocol.ts'
import { checkKind } from './kinds.ts'
import type { ScenarioKind } from './kinds.ts'
import type { Pool } from './process/pool.ts'
import type { Check } from './types.ts'

export interface Discovered {
  checks: Check[]
  /** What is wrong, with file and line; the checks beside it are found all the same. */
  findings: Finding[]
}

/** Files that the patterns match in `folder`, sorted; a pattern that matches none is a finding. `path`: where the patterns stand. */
export async function findFiles(
  patterns: readonly string[],
  folder: string,
  path = 'checks',
): Promise<{ files: string[]; findings: Finding[] }> {
  const files = new Set<string>()
  const findings: Finding[] = []
  for (const [index, pattern] of patterns.entries()) {
    let found = 0
    const plain = resolve(folder, pattern)
    const isFile = await stat(plain).then(
      (one) => one.isFile(),
      () => false,
    )
    const matches = isFile
      ? [pattern]
      : glob(pattern, { cwd: folder, exclude: (name) => name === 'node_modules' })
    for await (const match of matches) {
      files.add(resolve(folder, match))
      found++
    }
    if (found === 0)
      findings.push({ path: `${path}.${index}`, message: `no file matches ${pattern} in ${folder}` })
  }
  return { files: [...files].toSorted(), findings }
}

/** Loads each file in a process of its own, so that a bad one harms nothing, and validates what it defines. */
export async function discover(
  files: readonly string[],
  pool: Pool,
  { kind, read }: Pick<ScenarioKind, 'kind' | 'read'> = checkKind,
): Promise<Discovered> {
  const checks: Check[] = []
  const findings: Finding[] = []
  const loaded = await loadAll(files, pool)
  for (const [index, file] of files.entries()) {
    const process = loaded[index]!
    if ('message' in process) {
      const line = process.line === null ? {} : { line: process.line }
      findings.push({ path: file, file, message: process.message, ...line })
      continue
    }
    if (!process.scenarios.some((raw) => raw.kind === kind))
      findings.push({ path: file, file, message: `it defines no ${kind}: call ${kind}(name, …) in it` })
    for (const raw of process.scenarios) {
      if (raw.kind !== kind) {
        const message = `it defines a ${String(raw.kind)} among files of ${kind}s: give it a file of its own`
        findings.push({ path: file, file, line: raw.line, message })
        continue
      }
      const definition = read(raw, file)
      findings.push(...definition.findings)
      if (!definition.check) continue
      const { name } = definition.check
      const twin = checks.find((other) => other.name === name)
      if (twin)
        findings.push({
          path: name,
          file,
          line: raw.line,
          message: `the name is taken by the ${kind} at ${twin.file}:${twin.line}`,
        })
      else checks.push(definition.check)
    }
  }
  return { checks, findings }
}

/** Each file's definitions, in the files' order; a few are loaded at once. */
async function loadAll(
  files: readonly string[],
  pool: Pool,
): Promise<({ scenarios: readonly RawScenario[] } | RawFinding)[]> {
  const loaded: ({ scenarios: readonly RawScenario[] } | RawFinding)[] = []
  const queue = [...files.entries()]
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, file] = next
      const process = await pool.take(file)
      loaded[index] = process
      if (!('message' in process)) pool.giveBack(process)
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return loaded
}
