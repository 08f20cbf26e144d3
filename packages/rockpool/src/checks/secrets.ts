import { z } from 'zod'
import { handle, operation, problem } from '../kernel/index.ts'
import type { Handled } from '../kernel/index.ts'
import { secretName } from '../secrets/index.ts'
import type { Secrets } from '../secrets/index.ts'
import type { Runs } from './runs/runs.ts'

/** For whoever executes a run: the runner by its role, or somebody with the scope that also sets secrets. */
export const takeSecrets = operation({
  id: 'checks.takeSecrets',
  method: 'POST',
  path: '/runs/{run}/secrets',
  summary: 'Hand a run that is under way the secrets that its file uses',
  description: 'That they were taken, and by which run, is kept with each.',
  scope: 'admin',
  params: z.strictObject({ run: z.string().min(1).max(80) }),
  body: z.strictObject({ names: z.array(secretName).max(50) }),
  answers: {
    200: z.object({
      values: z.record(z.string(), z.string()),
      missing: z.record(z.string(), z.string()).describe('why a name has no value, and what to do'),
    }),
  },
})

/** What the api part mounts, and the runner's routes. */
export function runSecretsOperations(options: { runs: Pick<Runs, 'get'>; secrets: Secrets }): Handled[] {
  const { runs, secrets } = options
  return [
    handle(takeSecrets, async ({ params, body }) => {
      const { endedAt } = await runs.get(params.run)
      if (endedAt !== null) throw problem('conflict', `the run ${params.run} has ended`)
      return secrets.take(params.run, body.names)
    }),
  ]
}

const name = '[A-Z][A-Z0-9_]*'
const uses = [
  // secrets.NAME, secrets?.NAME, secrets['NAME']
  new RegExp(String.raw`\bsecrets\s*(?:\?\.|\.)\s*(${name})\b`, 'g'),
  new RegExp(String.raw`\bsecrets\s*(?:\?\.)?\[\s*['"\`](${name})['"\`]\s*\]`, 'g'),
]
// const { A, B: b } = secrets   and   ({ api, secrets: { A } }) =>
const unpacked = [/\{([^{}]*)\}\s*=\s*secrets\b/g, /\bsecrets\s*:\s*\{([^{}]*)\}/g]

/** The names of secrets that stand in a check's source: a run gets these and no others. Pure. */
export function secretNamesIn(source: string): string[] {
  const direct = uses.flatMap((use) => [...source.matchAll(use)].map((match) => match[1]!))
  const inside = unpacked.flatMap((use) =>
    [...source.matchAll(use)].flatMap((match) =>
      match[1]!.split(',').flatMap((part) => new RegExp(`^\\s*(${name})\\b`).exec(part)?.[1] ?? []),
    ),
  )
  return [...new Set([...direct, ...inside])].toSorted()
}
