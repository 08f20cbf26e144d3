import { useId, useState } from 'react'

/** A field of a form, as data: the form shows it, and puts beside it what control found wrong with it. */
export interface FieldOf {
  name: string
  /** Its place in the body, such as `email`: which findings are its own. */
  at: string
  value: string
  onChange: (value: string) => void
  hint?: string
  /** One of these. */
  options?: readonly string[]
  mono?: boolean
}

/** The value of a field, as its form keeps it. */
export function useText(first = ''): Pick<FieldOf, 'value' | 'onChange'> {
  const [value, onChange] = useState(first)
  return { value, onChange }
}

export function Field({
  field: { name, at, value, onChange, hint, options, mono = false },
  wrong,
  speaks,
}: {
  field: FieldOf
  wrong: string | undefined
  /** Whether the finding is spoken by itself. Otherwise it is when the field gets the focus, as its description. */
  speaks: boolean
}) {
  const id = useId()
  const about = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  const shared = {
    id,
    name: at,
    className: mono ? 'field mono' : 'field',
    value,
    'aria-invalid': wrong !== undefined || undefined,
    'aria-describedby': about === '' ? undefined : about,
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
      {wrong && (
        <span className="wrong" id={`${id}-wrong`} role={speaks ? 'alert' : undefined}>
          {wrong}
        </span>
      )}
    </>
  )
}
