import type { ReactNode } from 'react'

export interface Column {
  name: ReactNode
  /** Numbers stand right. */
  num?: boolean
}

/** A table with headers. Rows are `<tr>`; what names a row is its `<th scope="row">`. */
export function Table({
  columns,
  className = '',
  caption,
  children,
}: {
  columns: readonly Column[]
  className?: string
  /** For screen readers, where no heading stands above. */
  caption?: string
  children: ReactNode
}) {
  return (
    <table className={`table ${className}`.trim()}>
      {caption && <caption className="sr">{caption}</caption>}
      <thead>
        <tr>
          {columns.map(({ name, num }, index) => (
            <th key={index} scope="col" className={num ? 'num' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}
