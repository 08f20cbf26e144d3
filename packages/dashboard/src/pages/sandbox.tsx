import { Fragment, useState } from 'react'
import { Link, useParams } from 'react-router'
import { useAction, useAnswer } from '../api/queries.ts'
import { Ask } from '../components/ask.tsx'
import { LedgerPanel } from '../components/ledger.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { ReceiptCard } from '../components/receipt.tsx'
import { Shown } from '../components/shown.tsx'
import { Tag } from '../components/tag.tsx'
import { Ago, Time } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { age, many, shortId } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { runPath } from '../shell/find.ts'
import { useMay } from '../shell/session.ts'
import { becauseOf, shapeOfState, type SandboxItem } from '../view/sandboxes.ts'
import { EffectsPanel } from './sandboxes/effects.tsx'

/** One sandbox: what it is, what was created in it, and the proof that nothing of it is left. */
export function Sandbox() {
  const { sandbox: slug = '' } = useParams()
  const sandbox = useAnswer('GET /sandboxes/{sandbox}', { params: { sandbox: slug } })
  const found = sandbox.data?.slug === slug ? sandbox.data : undefined
  const [isDeleting, setDeleting] = useState(false)
  const mayWrite = useMay('write')
  return (
    <Page
      title={slug}
      crumbs={[{ name: 'Sandboxes', to: '/sandboxes' }, { name: slug }]}
      lead={found && <Lead sandbox={found} />}
      {...(found?.state === 'active' && mayWrite
        ? {
            actions: (
              <button type="button" className="btn" onClick={() => setDeleting(true)}>
                Delete it…
              </button>
            ),
          }
        : {})}
    >
      <Shown query={sandbox} what="the sandbox">
        {(answer) => <Details sandbox={answer} />}
      </Shown>
      {isDeleting && found && <Delete sandbox={found} onClose={() => setDeleting(false)} />}
    </Page>
  )
}

function Lead({ sandbox }: { sandbox: SandboxItem }) {
  const now = useNow()
  const { state, endsAt, waiting } = sandbox
  if (state === 'active')
    return (
      <>
        <b>In use.</b> It is deleted in {age(Date.parse(endsAt) - now)}
        {sandbox.run !== null && ', or when its run ends'}.
      </>
    )
  if (state === 'deleting')
    return (
      <>
        <b>It is being deleted,</b> because {becauseOf(sandbox)}.{' '}
        {waiting.length > 0 && `It waits for ${waiting.map(({ service }) => service).join(', ')}.`}
      </>
    )
  if (state === 'residue')
    return (
      <>
        <b>Rows of it are left.</b> The receipt says which; they are counted and erased again when it is
        deleted again.
      </>
    )
  return (
    <>
      <b>Nothing of it is left.</b> It was deleted because {becauseOf(sandbox)}.
    </>
  )
}

function Details({ sandbox }: { sandbox: SandboxItem }) {
  const { slug, state } = sandbox
  const hasReceipt = state === 'deleted' || state === 'residue'
  return (
    <div className={hasReceipt ? 'cols sandboxes' : 'stack'}>
      <div className="stack">
        <Facts sandbox={sandbox} />
        <LedgerPanel of={{ sandbox: slug }} />
        <EffectsPanel sandbox={slug} isGone={hasReceipt} />
      </div>
      {hasReceipt && <Proof slug={slug} />}
    </div>
  )
}

function Proof({ slug }: { slug: string }) {
  const receipt = useAnswer('GET /sandboxes/{sandbox}/receipt', { params: { sandbox: slug } })
  return (
    <Shown query={receipt} what="the receipt">
      {(answer) => <ReceiptCard receipt={answer} />}
    </Shown>
  )
}

function Facts({ sandbox }: { sandbox: SandboxItem }) {
  const { slug, name, parent, run, createdBy, createdAt, endsAt, state, deletingAt, waiting, passes } =
    sandbox
  return (
    <Panel title="Sandbox" note={<Verdict is={state} shape={shapeOfState[state]} />}>
      <dl className="facts body">
        <dt>organization</dt>
        <dd>
          {slug} <Tag is="sandbox" />
        </dd>
        {name !== slug && (
          <>
            <dt>name</dt>
            <dd>{name}</dd>
          </>
        )}
        <dt>parent</dt>
        <dd>
          <Link to={`/organizations/${encodeURIComponent(parent)}`}>{parent}</Link>
        </dd>
        <dt>made for</dt>
        <dd>{run === null ? 'use by hand' : <Link to={runPath(run)}>{shortId(run)}</Link>}</dd>
        {createdBy !== null && (
          <>
            <dt>made by</dt>
            <dd>{shortId(createdBy)}</dd>
          </>
        )}
        <dt>made</dt>
        <dd>
          <Time at={createdAt} />, <Ago at={createdAt} after=" ago" />
        </dd>
        <dt>{state === 'active' ? 'ends' : 'would have ended'}</dt>
        <dd>
          <Time at={endsAt} />
        </dd>
        {deletingAt !== null && (
          <>
            <dt>closed</dt>
            <dd>
              <Time at={deletingAt} />, {becauseOf(sandbox)}
            </dd>
          </>
        )}
        {state === 'deleting' && (
          <>
            <dt>passes</dt>
            <dd>{many(passes, 'time')} all services were asked to erase</dd>
          </>
        )}
        {waiting.map(({ service, reason }) => (
          <Fragment key={service}>
            <dt>waits for {service}</dt>
            <dd>{reason}</dd>
          </Fragment>
        ))}
        <dt>requests</dt>
        <dd>
          {run === null ? (
            <Link to="/requests?side=own">those of Rockpool’s own</Link>
          ) : (
            <Link to={`/requests?run=${encodeURIComponent(run)}`}>those of its run</Link>
          )}
        </dd>
      </dl>
    </Panel>
  )
}

function Delete({ sandbox, onClose }: { sandbox: SandboxItem; onClose: () => void }) {
  const remove = useAction('DELETE /sandboxes/{sandbox}')
  return (
    <Ask
      title={`Delete ${sandbox.slug}`}
      consequence="Its keys are revoked at once, and everything in it is erased in every service. There is no way back; the receipt says what was there."
      yes="Delete it"
      no="Keep it"
      what="The sandbox is not deleted"
      error={remove.error}
      isUnderWay={remove.isPending}
      onYes={() => remove.mutate({ params: { sandbox: sandbox.slug } }, { onSuccess: onClose })}
      onNo={onClose}
    />
  )
}
