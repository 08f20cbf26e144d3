import type { ReactNode } from 'react'

/** What is real has a solid edge: production and customers. Everything else is ours, and dashed. */
export function Tag({ is, children }: { is: string; children?: ReactNode }) {
  const kind = is === 'production' ? ' production' : is === 'customer' || is === 'anonymous' ? '' : ' ours'
  return <span className={`tag${kind}`}>{children ?? is}</span>
}
