import { createJsonReporter } from './json.ts'
import { createJunitReporter } from './junit.ts'
import { createListReporter } from './list.ts'
import type { Reporter } from './reporter.ts'
import type { Output } from './style.ts'

/** What `--reporter` may name: the file is named as the key. */
export const reporterNames = ['list', 'json', 'junit'] as const
export type ReporterName = (typeof reporterNames)[number]

export interface ReporterTarget {
  stdout: Output
  stderr: Output
  environment: NodeJS.ProcessEnv
  /** The command to run after a failure. */
  next?: string
  /** Where control is, whose pages show a run. */
  control?: string
}

/** Makes a reporter by its name. */
export function createReporter(name: ReporterName, target: ReporterTarget): Reporter {
  switch (name) {
    case 'list':
      return createListReporter(target)
    case 'json':
      return createJsonReporter(target.stdout)
    case 'junit':
      return createJunitReporter(target.stdout)
  }
}
