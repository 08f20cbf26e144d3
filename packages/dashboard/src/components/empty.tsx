import type { ReactNode } from 'react'

/** What would be here, and the one command that begins it. */
export function Empty({
  title,
  command,
  children,
}: {
  title: string
  /** Exactly as it is typed. */
  command?: string
  children: ReactNode
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {command && (
        <pre className="code" tabIndex={0}>
          {command}
        </pre>
      )}
    </div>
  )
}
