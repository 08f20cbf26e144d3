import type { Refusal } from '../api/client.ts'
import { sentence } from '../format.ts'

/** The error of one part: what cannot be shown, why, and how to try again. The rest of the page stands. */
export function Failure({
  what,
  error,
  again,
  isTrying = false,
}: {
  /** A sentence, such as `The checks cannot be read`. */
  what: string
  error: Refusal
  again?: () => unknown
  isTrying?: boolean
}) {
  return (
    <div className="trouble problem" role="alert">
      <h2>{what}</h2>
      <p className="muted">{sentence(error.message)}</p>
      {error.findings.length > 0 && (
        <ul>
          {error.findings.map(({ path, message }) => (
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
