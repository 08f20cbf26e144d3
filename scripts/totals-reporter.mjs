// A vitest reporter that writes what `npm test` counts to the file named by ROCKPOOL_TOTALS.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * What one run of vitest came to. A failed file that holds no failed test (it does not load, its set-up throws), and an
 * error that belongs to no test, count as one failure each.
 * @typedef {{ passed: number, failures: string[], skipped: string[] }} Totals
 */

export default class TotalsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} errors that belong to no test
   */
  onTestRunEnd(modules, errors) {
    /** @type {Totals} */
    const totals = { passed: 0, failures: [], skipped: [] }
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId)
      let failed = 0
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') totals.passed += 1
        else if (result.state === 'failed') {
          failed += 1
          totals.failures.push(`${test.fullName} (${file})`)
        } else totals.skipped.push(`${test.fullName} (${file})${result.note ? `: ${result.note}` : ''}`)
      }
      if (failed === 0 && module.state() === 'failed') totals.failures.push(`${file} could not be run`)
    }
    for (const error of errors) {
      const message = error instanceof Object && 'message' in error ? error.message : error
      totals.failures.push(`an error that belongs to no test: ${String(message).split('\n')[0]}`)
    }
    writeFileSync(process.env.ROCKPOOL_TOTALS ?? 'totals.json', JSON.stringify(totals))
  }
}
