import { expect, test } from 'vitest'
import { newEnd } from '../engines/end.ts'
import type { End, Failure } from '../engines/engine.ts'
import { endingOf } from './ending.ts'

type Aborted = End['aborted']
const get = { method: 'GET', target: '/', headers: [] }
const post = { method: 'POST', target: '/', headers: ['Content-Length', '100'] }
const chunked = { method: 'POST', target: '/', headers: ['Transfer-Encoding', 'chunked'] }

test.each([
  ['a whole answer', get, 0, null, true, null, 'answered'],
  ['the client went away in the middle of the answer', get, 0, 'client', true, null, 'answered'],
  ['the client went away before it', get, 0, 'client', false, null, 'untold'],
  ['no connection', chunked, 0, 'upstream', false, 'unreachable', 'unreachable'],
  ['it hung up', get, 0, 'upstream', false, 'broken', 'failed'],
  ['it hung up with all in its hands', post, 100, 'upstream', false, 'broken', 'failed'],
  ['it was silent', get, 0, 'deadline', false, 'deadline', 'failed'],
  ['it died in the middle of its answer', get, 0, 'upstream', true, null, 'failed'],
  ['it was not done with all in its hands', post, 100, 'deadline', false, 'total', 'failed'],
  ['the client was not done with its body', post, 99, 'deadline', false, 'total', 'untold'],
  ['the client sent too much', post, 101, 'client', false, 'too large', 'untold'],
  ['the client’s body stood still', post, 99, 'client', false, 'slow', 'untold'],
  ['all of it came, too slowly', post, 100, 'client', false, 'slow', 'untold'],
  ['it fell silent in the middle of its answer', get, 0, 'deadline', true, null, 'failed'],
  ['the client stopped in the middle of its body', post, 99, 'deadline', false, 'deadline', 'untold'],
  ['of chunks nobody knows whether more would come', chunked, 100, 'deadline', false, 'deadline', 'untold'],
] as [string, typeof get, number, Aborted, boolean, Failure | null, string][])(
  '%s',
  (_, head, bytesIn, aborted, answered, failure, expected) =>
    expect(endingOf(head, { ...newEnd(), bytesIn, aborted }, { failure, answered })).toBe(expected),
)
