import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Empty } from '../components/empty.tsx'
import { heldNote, useHeld } from '../components/held.ts'
import { Older } from '../components/older.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Table } from '../components/table.tsx'
import { Tabs } from '../components/tabs.tsx'
import { Time } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { age } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { useMay } from '../shell/session.ts'
import { becauseOf, leadOf, sandboxPath, shapeOfState, states, type SandboxItem } from '../view/sandboxes.ts'
import { CreateSandbox } from './sandboxes/create.tsx'

const rows = 20
const most = 200

/** Is anything left behind? */
export function Sandboxes() {
  const [search] = useSearchParams()
  const [isCreating, setCreating] = useState(false)
  const mayWrite = useMay('write')
  const state = states.find((name) => name === search.get('state'))
  const cursor = search.get('before')
  const run = search.get('run')
  const sandboxes = useAnswer('GET /sandboxes', {
    query: {
      limit: rows,
      ...(state && { state }),
      ...(run !== null && { run }),
      ...(cursor !== null && { cursor }),
    },
  })
  return (
    <Page
      title="Sandboxes"
      lead={<Lead />}
      actions={
        <button
          type="button"
          className="btn main"
          disabled={!mayWrite}
          title={mayWrite ? undefined : 'A viewer cannot create sandboxes'}
          onClick={() => setCreating(true)}
        >
          Create a sandbox…
        </button>
      }
    >
      <Tabs
        label="Sandboxes by state"
        tabs={[undefined, ...states].map((name) => ({
          name: name ?? 'all',
          to: { state: name ?? null, before: null },
          isCurrent: name === state,
        }))}
      />
      <Shown query={sandboxes} what="the sandboxes" rows={8}>
        {({ items, next }) => <List items={items} next={next} />}
      </Shown>
      {isCreating && <CreateSandbox onClose={() => setCreating(false)} />}
    </Page>
  )
}

/** Each state is asked for by itself: a residue is never older than the page. */
function Lead() {
  const residue = useAnswer('GET /sandboxes', { query: { state: 'residue', limit: most } })
  const active = useAnswer('GET /sandboxes', { query: { state: 'active', limit: most } })
  const deleting = useAnswer('GET /sandboxes', { query: { state: 'deleting', limit: most } })
  if (!residue.data || !active.data || !deleting.data) return null
  const numbers = {
    residue: residue.data.items.length,
    active: active.data.items.length,
    deleting: deleting.data.items.length,
  }
  const { answer, rest } = leadOf(numbers, active.data.next !== null)
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}

function List({ items, next }: { items: readonly SandboxItem[]; next: string | null }) {
  const [search] = useSearchParams()
  const list = useHeld(items, ({ slug }) => slug, search.toString())
  // A sandbox knows its run; what the run is called, the runs know.
  const { data: runs } = useAnswer('GET /runs', { query: { limit: most } })
  const checks = new Map(runs?.items.map(({ id, check }) => [id, check]))
  return (
    <div {...list.hold}>
      <Panel title="Newest first" note={heldNote(list.isHeld, list.newer)} footer={<Older next={next} />}>
        {list.items.length === 0 ? (
          <Empty
            title="None"
            command="rockpool sandbox create --installation local --organization <organization> --ttl 1h"
          >
            A check makes one for itself; this makes one by hand.
          </Empty>
        ) : (
          <Table
            columns={[
              { name: 'Sandbox and owner' },
              { name: 'State' },
              { name: 'Lives on, or ended', num: true },
            ]}
          >
            {list.items.map((sandbox) => (
              <Row key={sandbox.slug} sandbox={sandbox} check={checks.get(sandbox.run ?? '')} />
            ))}
          </Table>
        )}
      </Panel>
    </div>
  )
}

function Row({ sandbox, check }: { sandbox: SandboxItem; check: string | undefined }) {
  const now = useNow()
  const { slug, name, parent, run, state, endsAt, deletedAt, waiting } = sandbox
  return (
    <tr className={state === 'residue' ? 'bad' : undefined}>
      <th scope="row">
        <Link to={sandboxPath(slug)} data-row>
          {slug}
        </Link>
        <span className="why">
          {run === null ? `by hand, of ${parent}` : (check ?? 'a run')}
          {name !== slug && `, ${name}`}
          {state === 'deleting' && `, ${becauseOf(sandbox)}`}
        </span>
      </th>
      <td>
        <Verdict is={state} shape={shapeOfState[state]} />
      </td>
      <td className="num">
        {state === 'active' && age(Date.parse(endsAt) - now)}
        {state === 'deleting' && (
          <span className="faint">{waiting.map(({ service }) => service).join(', ')}</span>
        )}
        {deletedAt !== null && (
          <span className="faint">
            <Time at={deletedAt} zone={false} />
          </span>
        )}
      </td>
    </tr>
  )
}
