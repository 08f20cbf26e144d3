import { useAction, useAnswer } from '../../api/queries.ts'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { useNow } from '../../live/clock.ts'
import { useMay, useSeesAll } from '../../shell/session.ts'

/** What is broken on purpose just now, and the button that mends it. */
export function Faults() {
  const now = useNow()
  const { data } = useAnswer('GET /faults', {}, { enabled: useSeesAll() })
  const end = useAction('DELETE /faults/{fault}')
  const mayWrite = useMay('write')
  const active = data?.items.filter(({ endsAt }) => Date.parse(endsAt) > now) ?? []
  return active.map(({ id, service, kind, endsAt }) => (
    <div key={id} className="panel banner">
      <Tag is="fault">on purpose</Tag>
      <span>
        <b>
          {service} is {kind === 'slow' ? 'slow' : 'broken'}
        </b>{' '}
        for checks in sandboxes alone, until <Time at={endsAt} />.
      </span>
      {mayWrite && (
        <span className="actions">
          <button
            type="button"
            className="btn small"
            aria-busy={end.isPending || undefined}
            onClick={() => end.mutate({ params: { fault: id } })}
          >
            Mend {service} now
          </button>
        </span>
      )}
    </div>
  ))
}
