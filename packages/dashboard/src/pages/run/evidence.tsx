import { useSearchParams } from 'react-router'
import { Code, Foreign, Frame } from '../../components/code.tsx'
import { Panel } from '../../components/panel.tsx'
import { Table } from '../../components/table.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { took } from '../../format.ts'
import { shortFile } from '../../view/checks.ts'
import { answersWords, answerText, requestText } from '../../view/exchange.ts'
import { belowOf, nameOf, type Call, type Entry, type RunAttempt } from '../../view/waterfall.ts'
import { CallRows } from './calls.tsx'
import { Shot } from './screenshots.tsx'

/** Everything that is kept of one step: its call, all its calls, what was printed. */
export function StepEvidence({ run, attempt, step }: { run: string; attempt: RunAttempt; step: number }) {
  const [search] = useSearchParams()
  const entries = belowOf(step, attempt.evidence.entries)
  const self = entries[0]
  if (!self) return null
  const calls = entries.filter((entry) => entry.type === 'call')
  const prints = entries.filter((entry) => entry.type === 'console')
  const others = entries.filter((entry) => entry.type === 'effects' || entry.type === 'probe')
  const pictures = entries.filter((entry) => entry.type === 'screenshot')
  const findings = entries.filter((entry) => entry.type === 'finding')
  const asked = Number(search.get('call'))
  // What a step ended with tells most.
  const call = calls.find(({ id }) => id === asked) ?? calls.at(-1)
  const tabs = [
    { show: 'call', name: 'Call', isThere: call !== undefined },
    { show: 'calls', name: 'All calls', count: calls.length, isThere: calls.length > 1 },
    { show: 'picture', name: 'Picture', isThere: pictures.length > 0 },
    { show: 'asked', name: 'Effects', count: others.length, isThere: others.length > 0 },
    { show: 'found', name: 'Browser', count: findings.length, isThere: findings.length > 0 },
    { show: 'printed', name: 'Printed', count: prints.length, isThere: prints.length > 0 },
  ].filter(({ isThere }) => isThere)
  const show = (tabs.find((tab) => tab.show === search.get('show')) ?? tabs[0])?.show

  return (
    <Panel title={nameOf(self)} id="evidence" note={call && answersWords(call)}>
      {tabs.length > 1 && (
        <Tabs
          inner
          label="Evidence"
          tabs={tabs.map(({ show: tab, name, count }) => ({
            name,
            ...(count === undefined ? {} : { count }),
            to: { show: tab },
            isCurrent: tab === show,
          }))}
        />
      )}
      <Assertion attempt={attempt} self={self} />
      {show === 'call' && call && <Exchange call={call} />}
      {show === 'calls' && <CallRows calls={calls} chosen={call?.id} />}
      {show === 'picture' && (
        <div className="body">
          {pictures.slice(-1).map((picture) => (
            <Shot
              key={picture.id}
              run={run}
              picture={picture}
              alt={`The page at the end of “${nameOf(self)}”`}
            />
          ))}
        </div>
      )}
      {show === 'asked' && <Asked entries={others} />}
      {show === 'found' && <Found entries={findings} />}
      {show === 'printed' && (
        <Code
          label="What was printed"
          text={prints.map((entry) => (entry.type === 'console' ? entry.text : '')).join('')}
        />
      )}
      {tabs.length === 0 && (
        <p className="body muted">It called nothing, showed nothing and printed nothing.</p>
      )}
    </Panel>
  )
}

/** The lines of the check at which the attempt failed, where that was in this step. */
function Assertion({ attempt: { failure }, self }: { attempt: RunAttempt; self: Entry }) {
  if (!failure || failure.frame.length === 0) return null
  const isHere = self.type === 'step' ? failure.steps.includes(self.name) : failure.steps.length === 0
  if (!isHere) return null
  const { place, frame, actual, expected } = failure
  const said = actual !== null && expected !== null ? `${actual}, expected ${expected}` : ''
  return (
    <div className="frame">
      <h3>Assertion {place && <span title={place.file}>{`${shortFile(place.file)}:${place.line}`}</span>}</h3>
      <Frame lines={frame} hit={place?.line} said={said.length > 80 ? '' : said} />
    </div>
  )
}

function Exchange({ call }: { call: Call }) {
  return (
    <div className="pair">
      <div>
        <h3>
          Request <span>{call.service}</span>
        </h3>
        <Code label="The request" text={requestText(call)} />
      </div>
      <div>
        <h3>
          Answer{' '}
          <span>
            {call.status !== null && <b>{call.status}</b>} {call.ms !== null && `in ${took(call.ms)}`}
            {call.problem && `, by the gateway: ${call.problem}`}
          </span>
        </h3>
        <Code label="The answer" text={answerText(call)} />
      </div>
    </div>
  )
}

/** What was asked about what left the sandbox, and of the outside. */
function Asked({ entries }: { entries: readonly Entry[] }) {
  return (
    <Table columns={[{ name: 'Asked for' }, { name: 'Found', num: true }, { name: 'Took', num: true }]}>
      {entries.map((entry) => (
        <tr key={entry.id}>
          <th scope="row">
            <Foreign text={nameOf(entry)} />
          </th>
          <td className="num">
            {entry.type === 'effects' && (entry.count ?? 'not known')}
            {entry.type === 'probe' &&
              (entry.satisfied ? `in try ${entry.tries}` : `not in ${entry.tries} tries`)}
          </td>
          <td className="num">{entry.ms === null ? '' : took(entry.ms)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** What went wrong in the browser meanwhile; that alone fails nothing. */
function Found({ entries }: { entries: readonly Extract<Entry, { type: 'finding' }>[] }) {
  return (
    <Table columns={[{ name: 'Found in the browser' }, { name: 'At', num: true }]}>
      {entries.map(({ id, kind, text, url, at }) => (
        <tr key={id}>
          <th scope="row">
            <Foreign text={text} />
            <span className="why">
              {kind === 'console' ? 'its console' : 'a request'}: <Foreign text={url} />
            </span>
          </th>
          <td className="num">{took(at)}</td>
        </tr>
      ))}
    </Table>
  )
}
