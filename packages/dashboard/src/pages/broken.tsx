import { useRouteError } from 'react-router'
import { Page } from '../components/page.tsx'

/** A mistake of ours, or a page that is not there any more because control has been renewed since this one was opened. */
export function Broken() {
  const error = useRouteError()
  const message = error instanceof Error ? error.message : String(error)
  return (
    <Page
      title="This page broke"
      lead="What it shows is not harmed by that. Loading it anew fetches the newest pages."
    >
      <div className="trouble problem" role="alert">
        <p>
          <code>{message.slice(0, 500)}</code>
        </p>
        <p className="actions">
          <button type="button" className="btn" onClick={() => window.location.reload()}>
            Load anew
          </button>
        </p>
      </div>
    </Page>
  )
}
