import { useId, type ReactNode } from 'react'

/** A titled part of a page. `note` stands small, right of the title. */
export function Panel({
  title,
  note,
  footer,
  busy = false,
  id,
  children,
}: {
  title: ReactNode
  note?: ReactNode
  footer?: ReactNode
  busy?: boolean
  id?: string
  children: ReactNode
}) {
  const heading = useId()
  return (
    <section className="panel" id={id} aria-labelledby={heading} aria-busy={busy || undefined}>
      <header>
        <h2 id={heading}>{title}</h2>
        {note !== undefined && note !== null && <span className="faint">{note}</span>}
      </header>
      {children}
      {footer && <footer>{footer}</footer>}
    </section>
  )
}
