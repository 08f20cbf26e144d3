import { useLayoutEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import type { Refusal } from '../api/client.ts'
import { splitFindings } from '../view/findings.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { Field, type FieldOf } from './field.tsx'

/**
 * Consent: what will happen, in one sentence; the button says it too. The focus starts on the safe one, unless there is
 * something to fill in. A refusal is told once: at the field that it is about, else at the head.
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
  fields = [],
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
  /** What is to be filled in; the first of them gets the focus. */
  fields?: readonly FieldOf[]
}) {
  const { ofFields, rest } = splitFindings(
    error,
    fields.map(({ at }) => at),
  )
  const [form, speaking] = useFocusOnWrong(error, fields.find(({ at }) => ofFields.has(at))?.at)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isUnderWay) onYes()
  }
  return (
    <Dialog title={title} onClose={onNo}>
      <form ref={form} onSubmit={submit}>
        <p>{consequence}</p>
        {error && rest && <Failure what={what} error={error} findings={rest} />}
        {fields.map((field) => (
          <Field key={field.at} field={field} wrong={ofFields.get(field.at)} speaks={speaking === field.at} />
        ))}
        <p className="actions">
          <button type="button" className="btn" data-safe={fields.length === 0 || undefined} onClick={onNo}>
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

/**
 * Leads to the first field that is wrong, which says why as it gets the focus. One that has it already gets nothing, and
 * has to speak by itself: `speaking` is its place.
 */
function useFocusOnWrong(error: Refusal | null, at: string | undefined) {
  const form = useRef<HTMLFormElement>(null)
  const [speaking, setSpeaking] = useState<string>()
  useLayoutEffect(() => {
    const field = at === undefined ? null : form.current?.elements.namedItem(at)
    const wrong = error && field instanceof HTMLElement ? field : undefined
    setSpeaking(wrong && wrong === document.activeElement ? at : undefined)
    wrong?.focus()
    // On a phone the head may be out of sight.
    if (error && !wrong) form.current?.querySelector('.problem')?.scrollIntoView({ block: 'nearest' })
  }, [error, at])
  return [form, speaking] as const
}
