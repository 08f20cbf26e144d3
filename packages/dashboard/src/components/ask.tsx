import type { ReactNode, SubmitEvent } from 'react'
import type { Refusal } from '../api/client.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'

/**
 * Consent: what will happen, in one sentence; the button says it too. The focus starts on the safe one, unless there is
 * something to fill in.
 */
export function Ask({
  title,
  consequence,
  yes,
  no = 'Leave it',
  what,
  error,
  isUnderWay,
  onYes,
  onNo,
  children,
}: {
  title: ReactNode
  consequence: ReactNode
  /** What the button does, never OK. */
  yes: string
  no?: string
  /** A sentence for when it is refused, such as `The key is not revoked`. */
  what: string
  error: Refusal | null
  isUnderWay: boolean
  onYes: () => void
  onNo: () => void
  /** Fields; the first of them gets the focus. */
  children?: ReactNode
}) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isUnderWay) onYes()
  }
  return (
    <Dialog title={title} onClose={onNo}>
      <form onSubmit={submit}>
        <p>{consequence}</p>
        {children}
        {error && <Failure what={what} error={error} />}
        <p className="actions">
          <button
            type="button"
            className="btn"
            data-safe={children === undefined || undefined}
            onClick={onNo}
          >
            {no}
          </button>
          <button type="submit" className="btn main" aria-busy={isUnderWay || undefined}>
            {yes}
          </button>
        </p>
      </form>
    </Dialog>
  )
}
