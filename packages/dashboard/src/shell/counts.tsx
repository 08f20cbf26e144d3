import type { ReactNode } from 'react'
import { useAnswer } from '../api/queries.ts'

/*
 * A count stands beside a page only while something there fails or moves. One component for each page that has one, by
 * the page's name.
 */

export const counts: Record<string, () => ReactNode> = {
  Checks: FailingChecks,
  Bots: FailingBots,
  Sandboxes: Residues,
}

function FailingChecks() {
  const { data } = useAnswer('GET /checks', {})
  const failing = data?.items.filter(({ latest }) => latest?.verdict === 'fail').length ?? 0
  return <Failing count={failing} />
}

function FailingBots() {
  const { data } = useAnswer('GET /bots', {})
  return <Failing count={data?.items.filter(({ latest }) => latest?.verdict === 'fail').length ?? 0} />
}

/** Rows that are left of a deleted sandbox are a failure of its deletion. */
function Residues() {
  const { data } = useAnswer('GET /sandboxes', { query: { state: 'residue', limit: 200 } })
  return <Failing count={data?.items.length ?? 0} />
}

/** `■ 1`, read as “1 failing”; nothing while there is none. */
export function Failing({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="v fail">
      {count}
      <span className="sr"> failing</span>
    </span>
  )
}
