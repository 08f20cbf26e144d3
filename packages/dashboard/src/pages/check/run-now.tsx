import { Link } from 'react-router'
import { useAction, useAnswer } from '../../api/queries.ts'
import { took } from '../../format.ts'
import { runPath } from '../../shell/find.ts'
import { useMay } from '../../shell/session.ts'

/** Asks for a run, and tells what came of it. */
export function RunNow({ check }: { check: string }) {
  const ask = useAction('POST /checks/{check}/runs')
  const isOff = !useMay('write')
  const slot = ask.data?.slot
  const { data } = useAnswer('GET /runs', { query: { check, limit: 10 } }, { enabled: slot !== undefined })
  const run = data?.items.find((item) => item.slot === slot && slot !== undefined)
  const isBusy = ask.isPending || (slot !== undefined && run?.endedAt == null)

  return (
    <>
      <button
        type="button"
        className="btn main"
        disabled={isOff}
        title={isOff ? 'Only who may write can ask for a run' : undefined}
        aria-busy={isBusy || undefined}
        onClick={() => !isBusy && ask.mutate({ params: { check } })}
      >
        {isBusy ? (run ? 'Running' : 'Waiting for a runner') : 'Run now'}
      </button>
      <p className="outcome" role="status">
        {run?.endedAt != null && (
          <>
            <Link to={runPath(run.id)}>The run</Link> ended: {run.verdict ?? 'stopped'}
            {run.ms !== null && ` in ${took(run.ms)}`}
          </>
        )}
        {ask.error && <span className="wrong">{ask.error.message}</span>}
      </p>
    </>
  )
}
