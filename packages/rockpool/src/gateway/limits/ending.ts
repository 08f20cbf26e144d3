import { isOfBody } from '../engines/engine.ts'
import type { End, Failure } from '../engines/engine.ts'
import { isUnsafe, valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import type { Ending } from './breaker.ts'

/**
 * What the end of an exchange tells about the service. `failure`: before the head of an answer; `answered`: there was
 * one. A client that sends half a request, and then nothing, or drops, or too much, must not look like a service that
 * is silent. Pure.
 */
export function endingOf(
  head: RequestHead,
  end: End,
  { failure, answered }: { failure: Failure | null; answered: boolean },
): Ending {
  if (failure === 'unreachable') return 'unreachable'
  if (failure !== null && isOfBody(failure)) return 'untold'
  const brokeOff = failure !== null || end.aborted === 'upstream' || end.aborted === 'deadline'
  if (brokeOff) return cameWhole(head, end) ? 'failed' : 'untold'
  return answered ? 'answered' : 'untold'
}

/** As far as the head tells: a body in chunks may always have had more to come. */
function cameWhole(head: RequestHead, { bytesIn }: End): boolean {
  if (valuesOf(head, 'transfer-encoding').length > 0) return false
  const [length] = valuesOf(head, 'content-length')
  if (length !== undefined) return bytesIn >= Number(length)
  // In HTTP/2 a body may come without either.
  return !isUnsafe(head.method)
}
