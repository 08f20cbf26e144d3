import { useAnswer } from '../api/queries.ts'
import { Page } from '../components/page.tsx'
import { Shown } from '../components/shown.tsx'
import { shapeOf } from '../components/verdict.tsx'

/** Is it working? Right now, in production? Does monitoring work? Does alerting work? */
export function Now() {
  const status = useAnswer('GET /status', {})
  return (
    <Page title="Now">
      <Shown query={status} what="the answers">
        {({ answers }) => (
          <ol className="panel answers">
            {answers.map(({ question, answer, evidence }) => (
              <li key={question}>
                <h2>{question}</h2>
                <p className={`v ${shapeOf(answer)}`}>{answer}</p>
                <p>{evidence}</p>
              </li>
            ))}
          </ol>
        )}
      </Shown>
    </Page>
  )
}
