import { useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Place } from '../../components/place.tsx'
import { changed } from '../../components/tabs.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { sentence as asSentence } from '../../format.ts'
import { useMay } from '../../shell/session.ts'
import { shapeOfWeight } from '../../view/contracts.ts'
import { answersOf, untilOf, usersOf, type Difference, type Side } from '../../view/differences.ts'
import { Approve } from './approve.tsx'

/** One difference: what it is, its three answers, whom it meets, and what stands on both sides. */
export function DifferenceItem({
  service,
  difference,
  names,
}: {
  service: string
  difference: Difference
  /** Of the two versions. */
  names: readonly [string, string]
}) {
  const [search] = useSearchParams()
  const { weight, sentence, operation, place, rule, fingerprint, advice, before, after } = difference
  const about = [usersOf(difference), difference.met ?? ''].filter((text) => text !== '')
  return (
    <li>
      <h3>
        <Verdict is={weight} shape={shapeOfWeight(weight)} />{' '}
        <Link to={{ search: changed(search, { fingerprint, after: null }) }} data-row>
          {sentence}
        </Link>
      </h3>
      <p>
        <code>{operation === null ? place : `${operation} ${place}`}</code>
      </p>
      <dl className="three-answers">
        {answersOf(difference).map(({ about: what, says, isWell }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd className={isWell ? undefined : 'loud'}>{says}</dd>
          </div>
        ))}
        <div>
          <dt>rule</dt>
          <dd>
            <code>{rule}</code>
          </dd>
        </div>
      </dl>
      {about.length > 0 && <p className="muted">{asSentence(about.join('; '))}</p>}
      {weight !== 'keeps' && advice !== null && <p className="muted">{advice}</p>}
      <div className="sides">
        <Lines name={names[0]} side={before} without="It was not there." />
        <Lines name={names[1]} side={after} without="It is not there any more." />
      </div>
      <Consent service={service} difference={difference} />
    </li>
  )
}

/** What a document says, with the line of the place marked. Its lines wrap: two sides have little room. */
function Lines({ name, side, without }: { name: string; side: Side | null; without: string }) {
  return (
    <figure>
      <figcaption>
        {name}
        {side !== null && (
          <>
            , <Place file={side.file} line={side.line} />
          </>
        )}
      </figcaption>
      {side === null ? (
        <p className="faint">{without}</p>
      ) : (
        <pre className="code">
          {side.lines.map(({ line, text }) => (
            <span key={line} className={line === side.line ? 'line at' : 'line'}>
              <span className="ln">{line}</span>
              <span>{text}</span>
            </span>
          ))}
        </pre>
      )}
    </figure>
  )
}

/** The approval that lets it pass, or the button that makes one. */
function Consent({ service, difference }: { service: string; difference: Difference }) {
  const mayWrite = useMay('write')
  const [isAsking, setAsking] = useState(false)
  const wasAsked = useRef(false)
  const line = useRef<HTMLParagraphElement>(null)
  const { approval, wire, fingerprint } = difference
  // Answered: were it asked still, the question would be back by itself when the approval is revoked.
  if (approval !== null && isAsking) setAsking(false)
  // The button that had the focus is gone: who works by keys goes on from the line that stands in its place.
  useEffect(() => {
    if (approval === null || !wasAsked.current) return
    wasAsked.current = false
    if (document.activeElement === document.body) line.current?.focus()
  }, [approval])
  if (approval !== null)
    return (
      <p className="muted" tabIndex={-1} ref={line}>
        Approved: {asSentence(approval.reason)} It lets every push of {service} with this difference pass
        {untilOf(approval.endsAt)}.
      </p>
    )
  if (wire !== 'breaks') return null
  return (
    <p className="actions">
      <button
        type="button"
        className="btn small"
        disabled={!mayWrite}
        title={mayWrite ? undefined : 'A viewer cannot approve'}
        aria-label={`Approve ${fingerprint.slice(0, 16)}…`}
        onClick={() => {
          wasAsked.current = true
          setAsking(true)
        }}
      >
        Approve…
      </button>
      {isAsking && <Approve service={service} difference={difference} onClose={() => setAsking(false)} />}
    </p>
  )
}
