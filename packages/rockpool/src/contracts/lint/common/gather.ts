import { Worker } from 'node:worker_threads'
import { messageOf } from '../../../kernel/index.ts'
import { isObject } from '../../json-object.ts'
import type { Documents } from '../../load.ts'
import { withWholeVersion } from '../../openapi/version.ts'
import { originOf, originOfMember, unescapeToken } from '../../source/origins.ts'
import type { Json, Origin } from '../../types.ts'
import { cut } from '../names.ts'
import type { LintFinding, LintSettings } from '../types.ts'
import type { Problem, Work } from './apply.ts'
import { commonRules } from './table.ts'

export interface CommonLimits {
  /** What takes longer is left out. Documents of megabytes take seconds. */
  mostMs: number
  mostMegabytes: number
}

export const commonLimits: CommonLimits = { mostMs: 60_000, mostMegabytes: 2_048 }

/**
 * What the rules of @redocly/openapi-core find in documents of OpenAPI; of others, nothing. They get the values that the
 * reader made of the files: what stands where is ours to know. What cannot be judged within the limits is told as such.
 */
export async function gatherCommon(
  { file, files }: Documents,
  { rules }: LintSettings,
  limits: CommonLimits = commonLimits,
): Promise<LintFinding[]> {
  const root = files.get(file)
  if (!isObject(root) || !('openapi' in root || 'swagger' in root)) return []
  const on = commonRules.flatMap(({ id }): [string, { severity: 'error' | 'warn' }][] => {
    const { severity, options } = rules.get(id)!
    return severity === 'off' ? [] : [[id, { ...(options as object), severity }]]
  })
  if (on.length === 0) return []
  try {
    const values = new Map(files).set(file, withWholeVersion(root))
    const problems = await inThread({ file, files: values, rules: Object.fromEntries(on) }, limits)
    return problems.map((problem) => findingOf(problem, files))
  } catch (error) {
    const message = `common rules cannot be applied: ${cut(messageOf(error))}`
    return [{ rule: 'common', level: 'warning', path: '(the whole)', message, file, line: 1 }]
  }
}

function inThread(work: Work, { mostMs, mostMegabytes }: CommonLimits): Promise<Problem[]> {
  const entry = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  const worker = new Worker(entry, {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  })
  const answer = new Promise<Problem[]>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`they take longer than ${mostMs / 1_000} s`)), mostMs)
    worker.once('message', resolve).once('error', reject)
    worker.once('exit', () => {
      clearTimeout(timer)
      reject(new Error('their thread ended'))
    })
  })
  return answer.finally(() => void worker.terminate())
}

function findingOf(
  { rule, level, message, near, file, pointer }: Problem,
  files: Documents['files'],
): LintFinding {
  const origin = pointer === undefined ? undefined : originAt(files.get(file ?? '') ?? null, pointer)
  const perhaps = near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : ''
  return {
    rule,
    level,
    path: origin?.pointer || '(the whole)',
    message: message.replaceAll('`', '').replace(/\.?\s*$/, '') + perhaps,
    ...(file === undefined ? {} : { file }),
    ...(origin === undefined ? {} : { line: origin.line }),
  }
}

/** Where a pointer leads, or as far as it leads anywhere. */
function originAt(root: Json, pointer: string): Origin | undefined {
  let at = root
  let origin = typeof at === 'object' && at !== null ? originOf(at) : undefined
  const tokens = pointer.replace(/^#?\/?/, '').split('/')
  for (const token of tokens.filter(Boolean)) {
    const key = unescapeToken(token)
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) break
    origin = originOfMember(at, key) ?? origin
    at = (at as Record<string, Json>)[key]!
  }
  return origin
}
