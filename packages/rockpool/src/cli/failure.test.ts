import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { fakeStreams } from '../../test/support/terminal.ts'
import { problem } from '../kernel/index.ts'
import { reportFailure } from './failure.ts'
import { createTerminal } from './terminal.ts'

function report(error: unknown, json = false) {
  const { streams, out, err } = fakeStreams()
  const code = reportFailure(createTerminal(streams), error, json)
  return { code, out: out(), err: err() }
}

test('a problem: one message with its findings, exit code 2, and no stack', () => {
  const findings = [{ path: 'services.catalog', message: 'is missing', file: 'rockpool.config.ts', line: 7 }]
  const { code, out, err } = report(problem('config_invalid', 'it has 1 finding', { findings }))
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toBe('FAIL it has 1 finding\n    rockpool.config.ts:7  services.catalog  is missing\n')
})

test('foreign text in a message obeys nothing, passes for no message of ours, and is cut', () => {
  const { err } = report(
    problem('not_found', `there is no “\u001b[2J\nok   all is well” ${'a'.repeat(10_000)}`),
  )
  expect(err).not.toContain('\u001b')
  expect(err).toMatch(/\n {4}ok {3}all is well/)
  expect(err.length).toBeLessThan(1_200)
})

test('with --json every refusal is one object on stdout, also of the options', () => {
  for (const error of [
    problem('not_found', 'there is none'),
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"),
    new TypeError('a mistake'),
  ]) {
    const { code, out, err } = report(error, true)
    expect(code).toBe(2)
    expect(err).toBe('')
    expect(JSON.parse(out).problem).toMatchObject({ code: expect.any(String), detail: expect.any(String) })
  }
})

test('help that was asked for is no failure', () => {
  expect(report(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)')).code).toBe(0)
})
