import { useEffect, useId, useRef, type ReactNode } from 'react'

/** A question or a list of choices above the page; Esc and a click beside it leave it. */
export function Dialog({
  title,
  className = 'ask',
  onClose,
  children,
}: {
  title: ReactNode
  className?: string
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const open = dialog.current
    if (open && !open.open) {
      open.showModal()
      // A question starts on the button that changes nothing.
      open.querySelector<HTMLElement>('[data-safe]')?.focus()
    }
    return () => open?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close()
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  )
}
