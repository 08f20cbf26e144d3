import { useAction, useAnswer } from '../../api/queries.ts'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { useNow } from '../../live/clock.ts'
import { useMay, useSeesAll } from '../../shell/session.ts'
import { brokenWords } from '../../view/faults.ts'

/** What is broken on purpose just now, and the button that mends it. */
export function Faults() {
  const now = useNow()
  const { data } = useAnswer('GET /faults', {}, { enabled: useSeesAll() })
  const end = useAction('DELETE /faults/{fault}')
  const mayWrite = useMay('write')
  // What a run has broken for itself alone is told by that run.
  const active = data?.items.filter(({ endsAt, run }) => Date.parse(endsAt) > now && run === null) ?? []
  return active.map((fault) => (
    <div key={fault.id} className="panel banner">
      <Tag is="fault">on purpose</Tag>
      <span>
        <b>{brokenWords(fault)}</b> for checks in sandboxes alone, until <Time at={fault.endsAt} />.
      </span>
      {mayWrite && (
        <span className="actions">
          <button
            type="button"
            className="btn small"
            aria-busy={end.isPending || undefined}
            onClick={() => end.mutate({ params: { fault: fault.id } })}
          >
            Mend {fault.service} now
          </button>
        </span>
      )}
    </div>
  ))
}
