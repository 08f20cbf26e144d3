import { useState } from 'react'
import { useAction, useAnswer } from '../../api/queries.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Tag } from '../../components/tag.tsx'
import { unit } from '../../format.ts'
import { useMay, useSeesAll } from '../../shell/session.ts'
import type { CheckItem } from '../../view/checks.ts'

const seconds = 60

/** Breaks a service that the check calls, for checks alone, so that one sees the check notice it. */
export function BreakIt({ check }: { check: CheckItem }) {
  const [isOpen, setOpen] = useState(false)
  const seesAll = useSeesAll()
  const mayBreak = useMay('write') && seesAll
  return (
    <>
      <button
        type="button"
        className="btn"
        disabled={!mayBreak}
        title={mayBreak ? undefined : 'Only who may write in the whole installation can break a service'}
        onClick={() => setOpen(true)}
      >
        Break it…
      </button>
      {isOpen && <Ask check={check} onClose={() => setOpen(false)} />}
    </>
  )
}

const kinds = [
  { kind: 'unavailable', name: 'answers 503 to every call' },
  { kind: 'slow', name: 'answers 3 s late' },
] as const

function Ask({ check, onClose }: { check: CheckItem; onClose: () => void }) {
  const services = useServicesOf(check)
  const [chosen, setChosen] = useState<string>()
  const [kind, setKind] = useState<(typeof kinds)[number]['kind']>('unavailable')
  const breaks = useAction('POST /faults')
  const ask = useAction('POST /checks/{check}/runs')
  const service = chosen ?? services[0]
  const error = breaks.error ?? ask.error

  return (
    <Dialog
      title={
        <>
          Break {service ?? 'a service'} for checks in <Tag is="sandbox">sandboxes</Tag>
        </>
      }
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (service === undefined) return
          breaks.mutate(
            { body: { service, kind, seconds } },
            { onSuccess: () => ask.mutate({ params: { check: check.name } }, { onSuccess: onClose }) },
          )
        }}
      >
        <p>
          For {unit(seconds, 's')} {service ?? 'it'} {kinds.find((one) => one.kind === kind)?.name} of a
          check, and the check runs at once. No customer, no bot and nothing in production meets it; it ends
          by itself.
        </p>
        <label htmlFor="break-service">Service</label>
        <select
          id="break-service"
          className="field"
          value={service ?? ''}
          onChange={({ target }) => setChosen(target.value)}
        >
          {services.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <label htmlFor="break-kind">What it does</label>
        <select
          id="break-kind"
          className="field"
          value={kind}
          onChange={({ target }) =>
            setKind(kinds.find((one) => one.kind === target.value)?.kind ?? 'unavailable')
          }
        >
          {kinds.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.name}
            </option>
          ))}
        </select>
        {error && (
          <span className="wrong" role="alert">
            {error.message}
          </span>
        )}
        <p className="actions">
          <button type="button" className="btn" data-safe onClick={onClose}>
            Leave it whole
          </button>
          <button
            type="submit"
            className="btn main"
            disabled={service === undefined}
            aria-busy={breaks.isPending || ask.isPending || undefined}
          >
            Break {service} for {unit(seconds, 's')}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

/** Those that its last run called, first; then the others. */
function useServicesOf({ latest }: CheckItem): string[] {
  const { data: run } = useAnswer(
    'GET /runs/{run}',
    { params: { run: latest?.run ?? '' } },
    { enabled: latest !== null },
  )
  const { data: all } = useAnswer('GET /services', {})
  const called = (run?.attempts.at(-1)?.evidence.entries ?? []).flatMap((entry) =>
    entry.type === 'call' ? [entry.service] : [],
  )
  const routed = (all?.items ?? []).filter(({ kind }) => kind === 'service').map(({ name }) => name)
  return [...new Set([...called, ...routed])]
}
