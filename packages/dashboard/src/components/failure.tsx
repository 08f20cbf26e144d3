import type { Refusal } from '../api/client.ts'
import { sentence } from '../format.ts'

/** The error of one part: what cannot be shown, why, and how to try again. The rest of the page stands. */
export function Failure({
  what,
  error,
  findings = error.findings,
  again,
  isTrying = false,
}: {
  /** A sentence, such as `The checks cannot be read`. */
  what: string
  error: Refusal
  /** Those of its findings that are said here, where others are said elsewhere. */
  findings?: Refusal['findings']
  again?: () => unknown
  isTrying?: boolean
}) {
  return (
    <div className="trouble problem" role="alert">
      <h2>{what}</h2>
      <p className="muted">{sentence(error.message)}</p>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <dt>type</dt>
        <dd>
          <code>{error.code}</code>
        </dd>
        {error.request && (
          <>
            <dt>request</dt>
            <dd>
              <code>{error.request}</code>
            </dd>
          </>
        )}
      </dl>
      {again && (
        <p className="actions">
          <button type="button" className="btn" aria-busy={isTrying || undefined} onClick={() => again()}>
            {isTrying ? 'Trying again' : 'Try again'}
          </button>
        </p>
      )}
    </div>
  )
}
