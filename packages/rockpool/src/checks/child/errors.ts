import { AssertionFailure } from '../expect/expect.ts'
import { oneLine } from '../printable.ts'
import { redactText } from '../redact.ts'
import type { Ending, Failure } from '../types.ts'
import { messageOf } from '../../kernel/light.ts'
import { Obstructed } from './obstructed.ts'
import { frameOf, stackPlace } from './place.ts'

/** What was waited for did not come in time. */
export class DeadlinePassed extends Error {
  readonly expected: string | null
  readonly actual: string | null

  constructor(message: string, expected: string | null = null, actual: string | null = null) {
    super(message)
    this.name = 'DeadlinePassed'
    this.expected = expected
    this.actual = actual
  }
}

/** The check uses its fixtures wrongly. */
export class Misuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Misuse'
  }
}

/** Where the author's code called us: an error thrown after an await has lost that place. */
export function captureSite(): { stack: string } {
  const site = { stack: '' }
  Error.captureStackTrace(site, captureSite)
  return site
}

/** Gives an error the stack of a captured site. */
export function at<E extends Error>(site: { stack: string }, error: E): E {
  error.stack = `${error.name}: ${error.message}\n${site.stack.split('\n').slice(1).join('\n')}`
  return error
}

/** What a thrown value means for the attempt. `steps`: where it was thrown. */
export function endingOf(error: unknown, steps: string[]): Ending {
  const place = stackPlace(error instanceof Error ? error.stack : undefined)
  const message = redactText(withCauses(error))
  if (error instanceof Obstructed)
    return {
      type: 'obstructed',
      obstacle: { message, steps, place, retry: error.retry, optional: error.optional },
    }
  const kind: Failure['kind'] =
    error instanceof AssertionFailure ? 'assertion' : error instanceof DeadlinePassed ? 'deadline' : 'error'
  const compared = error instanceof AssertionFailure || error instanceof DeadlinePassed ? error : undefined
  return {
    type: 'failed',
    failure: {
      kind,
      message,
      steps,
      place,
      frame: frameOf(place).map(({ line, text }) => ({ line, text: redactText(text) })),
      expected: compared?.expected ? redactText(compared.expected) : null,
      actual: compared?.actual ? redactText(compared.actual) : null,
    },
  }
}

/** `fetch failed: connect ECONNREFUSED 127.0.0.1:1`: the message with those of its causes. */
export function withCauses(error: unknown): string {
  const messages: string[] = []
  let current = error
  while (current !== undefined && current !== null && messages.length < 5) {
    messages.push(messages.length === 0 ? named(current) : messageOf(current))
    current = current instanceof Error ? current.cause : undefined
  }
  if (!(error instanceof Error))
    return `something was thrown that is not an Error: ${oneLine(messages.join(': '))}`
  return messages.filter((text, index) => text !== '' && messages.indexOf(text) === index).join(': ')
}

/** An unusual error's name says something: `TypeError: x is not a function`. */
function named(error: unknown): string {
  const ordinary = /^(Error|AssertionFailure|Obstructed|DeadlinePassed|Misuse)$/
  return error instanceof Error && !ordinary.test(error.name)
    ? `${error.name}: ${error.message}`
    : messageOf(error)
}
