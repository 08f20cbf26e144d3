import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Dialog } from '../components/dialog.tsx'
import { placesFor, placesOf, type Place } from './find.ts'
import { pages } from './pages.ts'
import { useSeesAll } from './session.ts'

/** Finds anything by its name or id. */
export function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const navigate = useNavigate()
  const { data: checks } = useAnswer('GET /checks', {})
  const { data: bots } = useAnswer('GET /bots', {})
  const { data: organizations } = useAnswer('GET /organizations', { query: { limit: 200 } })
  const { data: sandboxes } = useAnswer('GET /sandboxes', { query: { limit: 200 } })
  const { data: contracts } = useAnswer(
    'GET /contracts',
    { query: { limit: 200 } },
    { enabled: useSeesAll() },
  )
  const places = placesOf(pages, {
    checks: checks?.items ?? [],
    bots: bots?.items ?? [],
    organizations: organizations?.items ?? [],
    sandboxes: sandboxes?.items ?? [],
    contracts: contracts?.items ?? [],
  })
  const found = placesFor(text, places)
  const at = Math.min(chosen, found.length - 1)
  const go = (place: Place | undefined) => {
    if (!place) return
    onClose()
    void navigate(place.to)
  }

  return (
    <Dialog title="Find or go to" className="ask finder" onClose={onClose}>
      <input
        className="field"
        type="search"
        role="combobox"
        aria-label="A name or an id"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={at >= 0 ? `found-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setChosen(0)
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (step !== undefined) setChosen(Math.max(0, Math.min(found.length - 1, at + step)))
          else if (event.key === 'Enter') go(found[at])
          else return
          event.preventDefault()
        }}
      />
      <ul id="found" role="listbox" aria-label="Found">
        {found.map((place, index) => (
          <li
            key={`${place.kind} ${place.to}`}
            id={`found-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(place)}
          >
            {place.name} <span className="faint">{place.kind}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p role="status">Nothing has this name or id.</p>}
    </Dialog>
  )
}
