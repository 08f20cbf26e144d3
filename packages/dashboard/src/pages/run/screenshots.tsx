import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { call, callBytes, type Refusal } from '../../api/client.ts'
import type { Answer } from '@rockpool/client/control'
import { Panel } from '../../components/panel.tsx'
import { changed } from '../../components/tabs.tsx'
import { safeHref } from '../../format.ts'
import { belowOf, nameOf, type Entry, type RunAttempt } from '../../view/waterfall.ts'

export type Picture = Extract<Entry, { type: 'screenshot' }>

/** What the browser showed at the end of the chosen step, or of the last one; and the trace of a failed attempt. */
export function Screenshots({
  run,
  attempt,
  step,
}: {
  run: string
  attempt: RunAttempt
  step: number | undefined
}) {
  const [search] = useSearchParams()
  const { entries } = attempt.evidence
  const pictures = entries.filter((entry) => entry.type === 'screenshot')
  const trace = entries.find((entry) => entry.type === 'trace')
  if (pictures.length === 0 && !trace) return null
  const below = step === undefined ? [] : belowOf(step, entries)
  const shown = pictures.findLast((picture) => below.includes(picture)) ?? pictures.at(-1)
  const of = entries.find(({ id }) => id === shown?.parent)
  return (
    <Panel
      title="Screenshots"
      id="shot"
      note={shown && `${pictures.indexOf(shown) + 1} of ${pictures.length}`}
    >
      <figure className="body">
        {shown && (
          <Shot run={run} picture={shown} alt={`The page at the end of “${of ? nameOf(of) : 'the check'}”`} />
        )}
        <figcaption className="faint">
          {shown && of && (
            <>
              <Link
                to={{ search: changed(search, { step: String(of.id), show: 'picture', call: null }) }}
                replace
                preventScrollReset
              >
                {nameOf(of)}
              </Link>
              .{' '}
            </>
          )}
          {trace && trace.artifact !== null && <Trace run={run} name={trace.artifact} />}
        </figcaption>
      </figure>
    </Panel>
  )
}

/** One picture, read with the session: the cookie alone opens nothing. */
export function Shot({ run, picture, alt }: { run: string; picture: Picture; alt: string }) {
  const name = picture.artifact
  const [src, setSrc] = useState<string>()
  const { data, error } = useQuery<Blob, Refusal>({
    queryKey: ['artifact', run, name],
    queryFn: ({ signal }) => callBytes('/runs/{run}/artifacts/{name}', { run, name: name ?? '' }, signal),
    enabled: name !== null,
    staleTime: Infinity,
  })
  useEffect(() => {
    if (!data) return
    const url = URL.createObjectURL(data)
    setSrc(url)
    return () => URL.revokeObjectURL(url)
  }, [data])
  if (name === null) return <p className="muted">The picture could not be kept.</p>
  if (error) return <p className="muted">The picture is not there any more: they are kept for 7 days.</p>
  return <div className="shot">{src && <img src={src} alt={alt} />}</div>
}

const viewer = 'GET /runs/{run}/artifacts/{name}/viewer'

/** Opens the trace in its viewer, which lives at an origin of its own. */
function Trace({ run, name }: { run: string; name: string }) {
  const link = useMutation<Answer<typeof viewer>, Refusal>({
    mutationFn: () => call(viewer, { params: { run, name } }),
    onSuccess: ({ url }) => {
      const href = safeHref(url)
      if (href) window.open(href, '_blank', 'noopener,noreferrer')
    },
  })
  return (
    <>
      <button
        type="button"
        className="quiet"
        aria-busy={link.isPending || undefined}
        onClick={() => link.mutate()}
      >
        Playwright trace
      </button>
      {link.error && <span className="wrong">{link.error.message}</span>}
    </>
  )
}
