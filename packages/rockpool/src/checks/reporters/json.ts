import { printable } from '../printable.ts'
import { definitionOf } from '../execute/execute.ts'
import { leftByPages } from './page-lines.ts'
import type { Reporter } from './reporter.ts'
import type { Output } from './style.ts'

/** For machines: one object on each line, told apart by `type`: `discovered`, `result` (one for each check), `summary`. */
export function createJsonReporter(output: Output): Reporter {
  // Characters that a terminal could obey are written as JSON's own escapes.
  const line = (value: unknown) => output.write(`${printable(JSON.stringify(value))}\n`)
  return {
    discovered({ kind, checks, findings }) {
      line({ type: 'discovered', kind, checks: checks.map(definitionOf), findings })
    },
    finished({ check, verdict, attempts, ms, run, trouble }) {
      line({
        type: 'result',
        kind: check.kind,
        check: check.name,
        file: check.file,
        line: check.line,
        tags: check.tags,
        verdict,
        ms,
        run: run?.id ?? null,
        why: run?.why ?? [],
        since: run?.since ?? null,
        trouble,
        ...leftByPages({ attempts }),
        attempts,
      })
    },
    ended({ kind, pass, fail, uncheckable, findings, ms, stopped, exitCode }) {
      line({ type: 'summary', kind, pass, fail, uncheckable, findings, ms, stopped, exitCode })
    },
  }
}
