import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../execute/types.ts'
import type { RunDetails } from '../runs/schema.ts'
import type { Attempt, Check } from '../types.ts'
import { createReporter } from './index.ts'
import type { ReporterName } from './index.ts'
import type { Summary } from './reporter.ts'

const evil = 'evil \u001b[2J\u001b]0;x\u0007 <script>alert("1")</script> & \u009b1m ]]>'

const check = (name: string): Check => ({
  kind: 'check',
  name,
  file: '/work/checks/refund.ts',
  line: 3,
  every: null,
  cron: null,
  timeout: 1_000,
  retries: { count: 0, on: 'any' },
  tags: [],
  parent: null,
  ttl: null,
})
const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  verdict: 'pass',
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 12_980,
  organization: 'harbor-x',
  failure: null,
  obstacle: null,
  evidence: { entries: [], left: { entries: 0, console: 0, bodies: 0 } },
  ...changes,
})
const failed = attempt({
  verdict: 'fail',
  failure: {
    kind: 'assertion',
    message: 'expected 11 to be 12',
    steps: ['restore', 'the stock is back within 10 s'],
    place: { file: '/work/checks/refund.ts', line: 23 },
    frame: [
      { line: 22, text: '  const item = 1' },
      { line: 23, text: '  expect(item.body.stock).toBe(12)' },
    ],
    expected: '12',
    actual: '11',
  },
})
const run: RunDetails = {
  id: 'run_1',
  kind: 'check',
  check: 'x',
  trigger: 'command',
  slot: null,
  parent: 'harbor',
  startedBy: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  leaseUntil: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-11-22T14:38:00.000Z',
  endedBy: 'runner',
  verdict: 'fail',
  ms: 1,
  why: ['catalog could not apply order_refunded: data.quantity must be an integer'],
  since: '2026-11-22T14:36:12.000Z',
  attempts: [],
  sandboxes: [{ slug: 'harbor-x', state: 'deleted', receipt: 'rcp_1' }],
}
const result = (name: string, changes: Partial<CheckResult> = {}): CheckResult => ({
  check: check(name),
  verdict: 'pass',
  attempts: [attempt()],
  ms: 12_980,
  run: null,
  trouble: null,
  ...changes,
})
const obstacle = (message: string, optional: boolean) =>
  attempt({ verdict: 'uncheckable', obstacle: { message, steps: [], place: null, retry: false, optional } })

const results = [
  result('an item can be sold'),
  result('a refunded order restores the stock', { verdict: 'fail', attempts: [failed], run }),
  result(`named ${evil}`, {
    verdict: 'fail',
    attempts: [
      attempt({
        verdict: 'fail',
        failure: { ...failed.failure!, message: evil, steps: [evil], frame: [{ line: 23, text: evil }] },
      }),
    ],
    run: { ...run, why: [evil] },
  }),
  result('quotes', { verdict: 'uncheckable', attempts: [obstacle('python3 is missing', true)] }),
  result('away', {
    verdict: 'uncheckable',
    attempts: [obstacle('control is away', false)],
    trouble: 'control is away',
  }),
]
const findingsFound = [
  {
    path: '/work/checks/bad.ts',
    file: '/work/checks/bad.ts',
    line: 3,
    message: `it cannot be loaded: ${evil}`,
  },
]

function report(
  name: ReporterName,
  options: { tty?: boolean; environment?: NodeJS.ProcessEnv } = {},
): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' }
  const output = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => void (written[stream] += text),
    isTTY: options.tty ?? false,
    columns: 80,
  })
  const reporter = createReporter(name, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    environment: options.environment ?? {},
    next: 'rockpool status',
  })
  reporter.discovered?.({
    kind: 'check',
    checks: results.map((one) => one.check),
    findings: findingsFound,
    folder: '/work',
  })
  for (const one of results) {
    reporter.started?.(one.check)
    reporter.finished?.(one)
  }
  const summary: Summary = {
    kind: 'check',
    pass: 1,
    fail: 2,
    uncheckable: 2,
    findings: 1,
    results,
    findingsFound,
    ms: 13_000,
    stopped: false,
    exitCode: 1,
  }
  reporter.ended?.(summary)
  return written
}

describe('the list', () => {
  test('shows a failing check with its step, line, values, cause, since when, and what is left', () => {
    const { stdout } = report('list')
    const lines = stdout.split('\n')
    const at = lines.findIndex((line) => line.startsWith('  FAIL  a refunded order'))
    expect(lines.slice(at, at + 8)).toEqual([
      `  FAIL  ${'a refunded order restores the stock'.padEnd(67)} 13 s`,
      `      at “restore” › “the stock is back within 10 s”     checks/refund.ts:23`,
      '      22 │   const item = 1',
      '      23 │   expect(item.body.stock).toBe(12)',
      '         │ expected 11 to be 12',
      '      why    catalog could not apply order_refunded: data.quantity must be an integer',
      '      since  2026-11-22 14:36:12 UTC',
      '      run    run_1, left nothing (rcp_1)',
    ])
    expect(lines.at(-2)).toBe(
      '1 of 5 checks pass, 2 fail, 2 uncheckable, 1 finding, in 13 s.  Next: rockpool status',
    )
  })

  test('obeys no escape of foreign text, on a terminal or elsewhere', () => {
    for (const tty of [false, true]) {
      const { stdout, stderr } = report('list', { tty })
      // oxlint-disable-next-line no-control-regex
      const own = /\u001b\[(\d+A|0J|\d+m)/g
      // oxlint-disable-next-line no-control-regex
      expect((stdout + stderr).replaceAll(own, '')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      expect(stdout).toContain('\\u001b[2J')
    }
  })

  test('has colours and redraws on a terminal alone, and no colour where none is wanted', () => {
    expect(report('list').stdout + report('list').stderr).not.toContain('\u001b')
    const live = report('list', { tty: true })
    expect(live.stdout).toContain('\u001b[32m✔\u001b[39m pass')
    expect(live.stderr).toContain('\u001b[1A\u001b[0J')
    expect(report('list', { tty: true, environment: { NO_COLOR: '1' } }).stdout).not.toContain('\u001b')
    const dumb = report('list', { tty: true, environment: { TERM: 'dumb' } })
    expect(dumb.stdout + dumb.stderr).not.toContain('\u001b')
  })
})

test('JSON is one object on each line, with everything in it', () => {
  const lines = report('json').stdout.trimEnd().split('\n')
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(objects.map(({ type }) => type)).toEqual([
    'discovered',
    'result',
    'result',
    'result',
    'result',
    'result',
    'summary',
  ])
  expect(objects[3]).toMatchObject({
    check: `named ${evil}`,
    verdict: 'fail',
    why: [evil],
    attempts: [{ failure: { message: evil } }],
  })
  expect(objects[6]).toMatchObject({ pass: 1, fail: 2, exitCode: 1 })
  // oxlint-disable-next-line no-control-regex
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
})

describe('JUnit XML', () => {
  const xml = report('junit').stdout

  test('is well formed, whatever is in names and messages', () => {
    expect(wellFormed(xml)).toEqual([])
    expect(wellFormed(xml.replace('</testsuite>', ''))).not.toEqual([])
    expect(xml).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp;')
  })

  test('counts a failure, an error, a skipped one and a finding for what they are', () => {
    expect(xml).toContain(
      '<testsuites name="rockpool" tests="6" failures="2" errors="2" skipped="1" time="13.000">',
    )
    expect(xml).toContain('<skipped message="python3 is missing"/>')
    expect(xml).toContain('<error message="control is away" type="uncheckable">')
    expect(xml).toContain('<testcase name="/work/checks/bad.ts:3" classname="findings">')
  })
})

/** What is wrong with an XML document: characters that XML 1.0 forbids, bare `&`, tags and attributes that do not close. */
function wellFormed(document: string): string[] {
  const findings: string[] = []
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(document))
    findings.push('a forbidden character')
  if (/&(?!(amp|lt|gt|quot|apos);)/.test(document)) findings.push('a bare &')
  const open: string[] = []
  const rest = document
    .replace(/^<\?xml[^?]*\?>/, '')
    .replaceAll(
      /<(\/?)(\w+)((?:\s+\w+="[^"<]*")*)\s*(\/?)>/g,
      (_, end: string, name: string, __, self: string) => {
        if (end) {
          if (open.pop() !== name) findings.push(`</${name}> closes nothing`)
        } else if (!self) open.push(name)
        return ''
      },
    )
  if (/[<]|\]\]>/.test(rest)) findings.push(`a bare < or ]]> in: ${rest.trim().slice(0, 80)}`)
  if (open.length > 0) findings.push(`${open.join()} is not closed`)
  return findings
}
