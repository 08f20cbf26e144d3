import { Link, useSearchParams } from 'react-router'
import { changed } from './tabs.tsx'

/** The foot of a list whose pages stand in the address: on to the older ones, and back to the newest. */
export function Older({ next }: { next: string | null }) {
  const [search] = useSearchParams()
  return (
    <>
      {next === null ? (
        <span>no older ones</span>
      ) : (
        <Link to={{ search: changed(search, { before: next }) }}>Older</Link>
      )}
      {search.get('before') !== null && (
        <Link to={{ search: changed(search, { before: null }) }}>Newest</Link>
      )}
    </>
  )
}
