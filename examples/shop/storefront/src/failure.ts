import { toProblem } from '@rockpool/sdk'

/** What a visitor is told when a page cannot be what was asked for: always a page, never a bare error. */
export class Failure extends Error {
  readonly status: 400 | 403 | 404 | 409 | 410 | 413 | 422 | 500 | 503
  readonly title: string

  constructor(status: Failure['status'], title: string, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.status = status
    this.title = title
  }
}

/** Any error as what a visitor is told. Our own mistakes are logged, and not told. */
export function toFailure(error: Error): Failure {
  if (error instanceof Failure) return error
  const { code } = toProblem(error)
  if (code === 'organization_deleted') return new Failure(410, 'Closed', 'This shop does not exist any more.')
  if (code === 'database_unreachable')
    return new Failure(503, 'Not just now', 'Our database cannot be reached. Please try again in a moment.')
  console.error(JSON.stringify({ level: 'error', msg: error.stack }))
  return new Failure(500, 'Our mistake', 'Something went wrong here. Please try again in a moment.')
}

export function serviceDown(service: string, cause?: unknown): Failure {
  return new Failure(
    503,
    'Not just now',
    `Our ${service} service cannot be reached. Nothing was changed; please try again in a moment.`,
    { cause },
  )
}
