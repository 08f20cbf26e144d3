import { useId } from 'react'
import type { Refusal } from '../api/client.ts'

/** A field of a form, with its name, and beside it what control found wrong with it. */
export function Field({
  name,
  at,
  value,
  onChange,
  error,
  hint,
  options,
  autoFocus = false,
  mono = false,
}: {
  name: string
  /** Its place in the body, such as `email`: which findings are its own. */
  at: string
  value: string
  onChange: (value: string) => void
  error: Refusal | null
  hint?: string
  /** One of these. */
  options?: readonly string[]
  autoFocus?: boolean
  mono?: boolean
}) {
  const id = useId()
  const wrong = error?.findings.filter(({ path }) => path === at || path === `body.${at}`) ?? []
  const about = [hint && `${id}-hint`, wrong.length > 0 && `${id}-wrong`].filter(Boolean).join(' ')
  const shared = {
    id,
    className: mono ? 'field mono' : 'field',
    value,
    'aria-invalid': wrong.length > 0 || undefined,
    'aria-describedby': about === '' ? undefined : about,
    autoFocus,
  }
  return (
    <>
      <label htmlFor={id}>{name}</label>
      {options ? (
        <select {...shared} onChange={({ target }) => onChange(target.value)}>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {hint && (
        <span className="faint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong.length > 0 && (
        <span className="wrong" id={`${id}-wrong`}>
          {wrong.map(({ message }) => message).join('; ')}
        </span>
      )}
    </>
  )
}
