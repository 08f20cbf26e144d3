import type { ClipboardEvent } from 'react'
import { shortId } from '../format.ts'

/** An id: shortened in the middle for the eye, whole in the clipboard and for screen readers. */
export function Id({ id }: { id: string }) {
  const copyWhole = (event: ClipboardEvent) => {
    event.clipboardData.setData('text/plain', id)
    event.preventDefault()
  }
  return (
    <code title={id} onCopy={copyWhole}>
      {shortId(id)}
    </code>
  )
}
