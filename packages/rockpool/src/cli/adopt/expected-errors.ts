import type { ShownCall } from './call.ts'
import type { Seen } from './observe.ts'

/** A call that was answered with an error, which its check now expects. */
export interface ExpectedError {
  /** Method and host; never the path, which may have a secret in it. */
  call: string
  /** In the order of the answers, each once. */
  statuses: number[]
}

export function expectedErrors(made: readonly { call: ShownCall; seen: readonly Seen[] }[]): ExpectedError[] {
  return made
    .map(({ call, seen }) => ({
      call: `${call.method} ${call.url.host}`,
      statuses: [...new Set(seen.map(({ status }) => status))],
    }))
    .filter(({ statuses }) => statuses.some((status) => status >= 400))
}

/** What is to be known of one, and to be done if it is not meant. `place`: the check's file. Pure. */
export function errorNotes({ call, statuses }: ExpectedError, place: string): string[] {
  const expects = statuses.length > 1 ? 'either' : 'this error, and fails when it is mended'
  const todo = todoOf(statuses.find((status) => status >= 400)!)
  return [
    `note       ${call} answered ${statuses.join(' and ')}: the check expects ${expects}`,
    `           not meant? ${todo}, remove ${place}, and import it again`,
  ]
}

function todoOf(status: number): string {
  if (status === 401) return 'Give it a credential that counts, in a header or a cookie (a secret keeps it)'
  if (status === 403) return 'Give it a credential that may do this (a secret keeps it)'
  if (status === 404 || status === 410) return 'Correct the URL'
  if (status === 429) return 'Wait until calls are let through'
  return 'Correct the call'
}
