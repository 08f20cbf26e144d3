import { expect, test } from 'vitest'
import type { CheckResult } from '../execute/types.ts'
import type { Entry } from '../types.ts'
import { createJsonReporter } from './json.ts'
import { createJunitReporter } from './junit.ts'
import { createListReporter } from './list.ts'
import type { Reporter } from './reporter.ts'

const finding = (text: string, url: string): Entry => ({
  type: 'finding',
  kind: 'request',
  text,
  url,
  id: 1,
  parent: null,
  at: 1,
  ms: 0,
  place: null,
})
const trace: Entry = {
  type: 'trace',
  artifact: 'attempt-1-trace.zip',
  id: 2,
  parent: null,
  at: 2,
  ms: 0,
  place: null,
}
const result = (verdict: 'pass' | 'fail', entries: Entry[]) =>
  ({
    check: { kind: 'check', name: 'buys', file: '/shop/buy.check.ts', line: 3, tags: [] },
    verdict,
    ms: 10,
    attempts: [
      {
        number: 1,
        verdict,
        ms: 10,
        failure: null,
        obstacle: null,
        evidence: { entries, left: { entries: 0, console: 0, bodies: 0 } },
      },
    ],
    run: { id: 'run_1', why: [], since: null, sandboxes: [] },
    trouble: null,
  }) as unknown as CheckResult

function said(make: (write: (text: string) => void) => Reporter, ...results: CheckResult[]): string {
  let text = ''
  const reporter = make((more) => (text += more))
  reporter.discovered?.({ kind: 'check', checks: [], findings: [], folder: '/shop' })
  for (const one of results) reporter.finished?.(one)
  reporter.ended?.({
    kind: 'check',
    results,
    findingsFound: [],
    pass: 0,
    fail: 1,
    uncheckable: 0,
    findings: 0,
    ms: 10,
    stopped: false,
    exitCode: 1,
  })
  return text
}
const list = (write: (text: string) => void) =>
  createListReporter({
    stdout: { write },
    stderr: { write: () => {} },
    environment: {},
    control: 'http://127.0.0.1:8471',
  })

test('people are told what went wrong in the pages of a check, also of one that passes, and where the trace is', () => {
  const many = Array.from({ length: 7 }, (_, at) => finding(`GET: 40${at}`, `http://shop/${at}`))
  const text = said(
    list,
    result('pass', [finding('it hurts\u001b[2J', 'http://shop/a.js')]),
    result('fail', [...many, trace]),
  )
  expect(text).toContain('found  it hurts\\u001b[2J')
  expect(text).toMatch(/found {2}GET: 404 +http:\/\/shop\/4/)
  expect(text).not.toContain('http://shop/5')
  expect(text).toContain('found  2 more')
  expect(text).toContain('trace  http://127.0.0.1:8471/runs/run_1')
})

test('machines get findings and trace beside the attempts', () => {
  const text = said(
    (write) => createJsonReporter({ write }),
    result('fail', [finding('GET: 404', 'http://shop/a'), trace]),
  )
  const line = text
    .split('\n')
    .map((one) => JSON.parse(one || '{}') as Record<string, unknown>)
    .find(({ type }) => type === 'result')
  expect(line).toMatchObject({
    findings: [{ kind: 'request', text: 'GET: 404', url: 'http://shop/a' }],
    trace: 'attempt-1-trace.zip',
  })
})

test('JUnit has them as output of the test case, escaped', () => {
  const text = said(
    (write) => createJunitReporter({ write }),
    result('pass', [finding('<b>', 'http://shop/?a&b')]),
    result('fail', [trace]),
  )
  expect(text).toMatch(/<system-out>found {2}&lt;b&gt; +http:\/\/shop\/\?a&amp;b<\/system-out>/)
  expect(text).toContain('<system-out>trace  attempt-1-trace.zip of the run</system-out>')
})
