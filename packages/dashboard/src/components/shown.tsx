import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Refusal } from '../api/client.ts'
import { Failure } from './failure.tsx'
import { Loading } from './loading.tsx'

/** An answer of control, or that it is on its way, or why it is not there. Known answers stay while control is away. */
export function Shown<T>({
  query,
  what,
  rows,
  children,
}: {
  query: UseQueryResult<T, Refusal>
  /** What is read, such as `the checks`. */
  what: string
  /** How many bones stand for it. */
  rows?: number
  children: (answer: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error?.status === 404) return <Failure what="It is not here" error={query.error} />
  if (query.error) {
    return (
      <Failure
        what={`${what[0]?.toUpperCase()}${what.slice(1)} cannot be read`}
        error={query.error}
        again={() => query.refetch()}
        isTrying={query.isFetching}
      />
    )
  }
  return <Loading what={what} {...(rows === undefined ? {} : { rows })} />
}
