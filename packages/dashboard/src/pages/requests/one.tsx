import { Link } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { count, took } from '../../format.ts'
import { runPath } from '../../shell/find.ts'
import { phasesInWords, phasesOf } from '../../view/phases.ts'
import type { Phase } from '../../view/phases.ts'
import type { KeptRequest } from '../../view/requests.ts'
import { wayOf } from '../../view/way.ts'
import { Status, Who } from './tail.tsx'

/** One request: who, where to, and what each phase cost. */
export function OneRequest({ id }: { id: string }) {
  const request = useAnswer('GET /requests/{request}', { params: { request: id } }, { isOver: true })
  const shown = request.data?.id === id ? request.data : undefined
  return (
    <Panel
      id="one"
      title={shown ? <code>{`${shown.method} ${shown.path ?? 'no route'}`}</code> : 'One request'}
      note={shown && took(shown.ms)}
    >
      <Shown query={request} what="the request">
        {(found) => <Details request={found} />}
      </Shown>
    </Panel>
  )
}

const shades: Readonly<Record<Phase['whose'], string>> = {
  gateway: '',
  connection: 'wait',
  service: 'on',
  client: 'away',
}

function Details({ request }: { request: KeptRequest }) {
  const { id, at, run, organization, environment, upstream, retries, ms, trace, bytesIn, bytesOut } = request
  const phases = phasesOf(request)
  return (
    <>
      <div className="body tool">
        {phases.length === 0 ? (
          <p className="muted">The gateway answered itself, in {took(ms)}.</p>
        ) : (
          <>
            <div className="split" role="img" aria-label={phasesInWords(phases)}>
              {phases.map(({ whose, text, ms: part }) => (
                <i key={text} className={shades[whose]} style={{ '--w': part } as object} />
              ))}
            </div>
            <p className="faint">{phasesInWords(phases)}</p>
          </>
        )}
      </div>
      <ol className="way">
        {wayOf(request).map(({ name, text, is, took: cost }) => (
          <li key={name} className={is === 'after' ? 'after' : undefined}>
            <span>{name}</span>
            <span>
              {is === 'here' ? (
                <span className="v fail">refused: {text}</span>
              ) : is === 'after' ? (
                'not reached'
              ) : (
                text
              )}
            </span>
            <span>{cost}</span>
          </li>
        ))}
      </ol>
      <dl className="facts body">
        <dt>status</dt>
        <dd>
          <Status request={request} />
        </dd>
        {upstream !== null && (
          <>
            <dt>upstream</dt>
            <dd>
              <code>{upstream}</code>
              {retries > 0 && `, sent again ${retries === 1 ? 'once' : `${retries} times`}`}
            </dd>
          </>
        )}
        <dt>actor</dt>
        <dd>
          <Who actor={request.actor} environment={environment} />
        </dd>
        {organization !== null && (
          <>
            <dt>organization</dt>
            <dd>
              <Link
                to={
                  environment === 'sandbox' && request.parent !== null
                    ? `/sandboxes/${encodeURIComponent(organization)}`
                    : `/organizations/${encodeURIComponent(organization)}`
                }
              >
                {organization}
              </Link>{' '}
              {environment !== null && <Tag is={environment} />}
            </dd>
          </>
        )}
        {run !== null && (
          <>
            <dt>run</dt>
            <dd>
              <Link to={runPath(run)}>{run}</Link>
            </dd>
          </>
        )}
        <dt>began</dt>
        <dd>
          <Time at={at} />
        </dd>
        <dt>bytes</dt>
        <dd>
          {count(bytesIn)} in, {count(bytesOut)} out
        </dd>
        <dt>request</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>trace</dt>
        <dd>
          <code>{trace}</code>
        </dd>
      </dl>
    </>
  )
}
