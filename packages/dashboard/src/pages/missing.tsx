import { Link, useLocation } from 'react-router'
import { Page } from '../components/page.tsx'

/** There is no such page. */
export function Missing() {
  const { pathname } = useLocation()
  return (
    <Page title="Not found" lead={`There is no page ${pathname}.`}>
      <p>
        <Link to="/">Now</Link> tells how things are; <kbd>/</kbd> finds anything by its name or id.
      </p>
    </Page>
  )
}
