import { useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { CheckRows } from '../components/check-rows.tsx'
import { Empty } from '../components/empty.tsx'
import { heldNote, useHeld } from '../components/held.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Tabs } from '../components/tabs.tsx'
import { stateOf, tallyOf, tallyWords, worstFirst, type CheckItem } from '../view/checks.ts'

/** Which promise to customers is broken? */
export function Checks() {
  const checks = useAnswer('GET /checks', {})
  return (
    <Page title="Checks" lead={checks.data && <Lead checks={checks.data.items} />}>
      <Shown query={checks} what="the checks" rows={8}>
        {({ items }) => (items.length === 0 ? <None /> : <List checks={items} />)}
      </Shown>
    </Page>
  )
}

function Lead({ checks }: { checks: readonly CheckItem[] }) {
  if (checks.length === 0) return <b>Nothing is checked yet.</b>
  const tally = tallyOf(checks)
  const [worst] = worstFirst(checks)
  return (
    <>
      <b>
        {tally.fail === 0
          ? 'No promise is broken.'
          : `“${worst?.name}”${tally.fail > 1 ? ` and ${tally.fail - 1} more` : ''} is broken.`}
      </b>{' '}
      {tallyWords(tally)}.
    </>
  )
}

function None() {
  return (
    <div className="panel">
      <Empty title="No checks yet" command="rockpool check import 'curl https://…' --installation local">
        A check does what a customer does, in a fresh sandbox, on a schedule. Paste a call you already know.
      </Empty>
    </div>
  )
}

const filters = ['all', 'fail', 'uncheckable', 'not run', 'pass'] as const

function List({ checks }: { checks: readonly CheckItem[] }) {
  const [search, setSearch] = useSearchParams()
  const text = search.get('find') ?? ''
  const only = filters.find((filter) => filter === search.get('verdict')) ?? 'all'
  const tally = tallyOf(checks)
  const named = checks.filter(({ name, tags }) =>
    [name, ...tags].some((word) => word.toLowerCase().includes(text.toLowerCase())),
  )
  const shown = worstFirst(named).filter((check) => only === 'all' || stateOf(check) === only)
  const list = useHeld(shown, ({ name }) => name, search.toString())

  return (
    <div {...list.hold}>
      <Tabs
        label="Checks by verdict"
        tabs={filters
          .filter((filter) => filter === 'all' || filter === only || tally[filter] > 0)
          .map((filter) => ({
            name: filter,
            count: filter === 'all' ? checks.length : tally[filter],
            to: filter === 'all' ? { verdict: null } : { verdict: filter },
            isCurrent: filter === only,
          }))}
      />
      <Panel
        title="Worst first"
        note={heldNote(list.isHeld, list.newer) ?? 'last 30 runs of each, newest right'}
      >
        <div className="body tool">
          <input
            className="field"
            type="search"
            aria-label="Find a check by its name or tag"
            placeholder="name or tag"
            value={text}
            maxLength={200}
            onChange={({ target }) =>
              setSearch(
                (before) => {
                  if (target.value === '') before.delete('find')
                  else before.set('find', target.value)
                  return before
                },
                { replace: true },
              )
            }
          />
        </div>
        {list.items.length > 0 ? (
          <CheckRows checks={list.items} withMessages />
        ) : (
          <Empty title="None">No check of these has such a name or tag.</Empty>
        )}
      </Panel>
    </div>
  )
}
