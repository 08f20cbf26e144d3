import { useState, type ReactNode } from 'react'
import { Dialog } from './dialog.tsx'

/**
 * A secret that was made just now: shown here and never again, because nobody keeps it. Whoever calls this keeps it in
 * the state of a component alone, so that it is gone with the dialog.
 */
export function Once({
  title,
  text,
  onClose,
  children,
}: {
  title: string
  text: string
  onClose: () => void
  /** What it is for. */
  children: ReactNode
}) {
  const [copied, setCopied] = useState<'yes' | 'no'>()
  const copy = () => {
    const clipboard: Clipboard | undefined = navigator.clipboard
    if (!clipboard) return setCopied('no')
    clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    )
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <pre className="code once" tabIndex={0}>
        {text}
      </pre>
      <p role="status" className="faint">
        {copied === 'yes' && 'It is in the clipboard.'}
        {copied === 'no' && 'The browser does not let it be copied: select it above.'}
      </p>
      <p className="actions">
        <button type="button" className="btn main" data-safe onClick={copy}>
          Copy
        </button>
        <button type="button" className="btn" onClick={onClose}>
          I have it
        </button>
      </p>
    </Dialog>
  )
}
