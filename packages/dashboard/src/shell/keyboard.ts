import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { actionOf, patienceMs, singleKeys } from './keys.ts'
import { pages } from './pages.ts'

/** Obeys the keys of the pages. */
export function useKeyboard({ onFind, onHelp }: { onFind: () => void; onHelp: () => void }): void {
  const navigate = useNavigate()
  useEffect(() => {
    let waitingUntil = 0
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const action = actionOf(
        {
          key: event.key,
          modified: event.ctrlKey || event.metaKey || event.altKey,
          writing: target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName),
          covered: document.querySelector('dialog[open], #nav:popover-open') !== null,
        },
        { waiting: Date.now() < waitingUntil, single: singleKeys() },
      )
      waitingUntil = action?.do === 'wait' ? Date.now() + patienceMs : 0
      if (!action) return
      if (action.do === 'find') onFind()
      else if (action.do === 'help') onHelp()
      else if (action.do === 'next') moveBy(1)
      else if (action.do === 'previous') moveBy(-1)
      else if (action.do === 'back') {
        const up = [...document.querySelectorAll<HTMLAnchorElement>('[data-up]')].at(-1)
        if (!up) return
        void navigate(up.pathname + up.search)
      } else if (action.do === 'go') {
        const page = pages.find(({ letter }) => letter === action.letter)
        if (!page) return
        void navigate(page.path)
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [navigate, onFind, onHelp])
}

/** Moves the focus to the next or previous of the links that stand for a row of a list. */
function moveBy(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(
    (row) => row.getClientRects().length > 0,
  )
  const at = rows.findIndex((row) => row === document.activeElement)
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus()
}
