import type { CheckResult } from '../execute/types.ts'
import { printable } from '../printable.ts'
import { attemptMessage, failureLines } from './failure.ts'
import { pageLines } from './page-lines.ts'
import type { Reporter } from './reporter.ts'
import { createStyle } from './style.ts'
import type { Output } from './style.ts'

/**
 * JUnit's XML, as CI servers read it: a file of checks is a suite. A failing check is a `failure`; one that could not
 * be judged is an `error`, or `skipped` where only an optional program of a service is missing.
 */
export function createJunitReporter(output: Output): Reporter {
  let folder = ''
  return {
    discovered(found) {
      folder = found.folder
    },
    ended({ results, findingsFound, fail, uncheckable, ms }) {
      const optional = results.filter(isOptional).length
      const errors = uncheckable - optional + findingsFound.length
      const all = { tests: results.length + findingsFound.length, failures: fail, errors, skipped: optional }
      const suites = Map.groupBy(results, ({ check }) => check.file)
      output.write(
        [
          '<?xml version="1.0" encoding="UTF-8"?>',
          `<testsuites name="rockpool"${counts(all)} time="${seconds(ms)}">`,
          ...[...suites].map(([file, of]) => suite(file, of, folder)),
          ...(findingsFound.length > 0 ? [findingsSuite(findingsFound)] : []),
          '</testsuites>',
          '',
        ].join('\n'),
      )
    },
  }
}

function suite(file: string, results: readonly CheckResult[], folder: string): string {
  const count = {
    tests: results.length,
    failures: results.filter(({ verdict }) => verdict === 'fail').length,
    errors: results.filter((result) => result.verdict === 'uncheckable' && !isOptional(result)).length,
    skipped: results.filter(isOptional).length,
  }
  const time = results.reduce((sum, { ms }) => sum + ms, 0)
  return [
    `  <testsuite name="${attribute(file)}"${counts(count)} time="${seconds(time)}">`,
    ...results.map((result) => testcase(result, folder)),
    '  </testsuite>',
  ].join('\n')
}

const plain = createStyle({ write: () => {} }, {})

function testcase(result: CheckResult, folder: string): string {
  const { check, verdict, ms } = result
  const open = `    <testcase name="${attribute(check.name)}" classname="${attribute(check.file)}" time="${seconds(ms)}"`
  const seen = pageLines(result, undefined)
  const page = seen.length > 0 ? `\n      <system-out>${text(seen.join('\n'))}</system-out>` : ''
  if (verdict === 'pass') return page ? `${open}>${page}\n    </testcase>` : `${open}/>`
  const last = result.attempts.at(-1)
  const message = attribute(last ? attemptMessage(last) : (result.trouble ?? ''))
  const inner = isOptional(result)
    ? `<skipped message="${message}"/>`
    : `<${verdict === 'fail' ? 'failure' : 'error'} message="${message}" type="${last?.failure?.kind ?? verdict}">${text(failureLines(result, folder, plain).join('\n'))}</${verdict === 'fail' ? 'failure' : 'error'}>`
  return `${open}>\n      ${inner}${page}\n    </testcase>`
}

function findingsSuite(findings: readonly { path: string; message: string; line?: number }[]): string {
  const cases = findings.map(
    ({ path, message, line }) =>
      `    <testcase name="${attribute(line === undefined ? path : `${path}:${line}`)}" classname="findings">\n      <error message="${attribute(message)}" type="finding"/>\n    </testcase>`,
  )
  return [
    `  <testsuite name="findings"${counts({ tests: cases.length, failures: 0, errors: cases.length, skipped: 0 })}>`,
    ...cases,
    '  </testsuite>',
  ].join('\n')
}

function isOptional({ verdict, attempts }: CheckResult): boolean {
  return verdict === 'uncheckable' && attempts.at(-1)?.obstacle?.optional === true
}

function counts(all: Record<string, number>): string {
  return Object.entries(all)
    .map(([name, count]) => ` ${name}="${count}"`)
    .join('')
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

/** XML 1.0 cannot hold most control characters, not even escaped: they are shown (section 2.2). */
function text(value: string): string {
  return printable(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;').replaceAll(/\s/g, ' ')
}
