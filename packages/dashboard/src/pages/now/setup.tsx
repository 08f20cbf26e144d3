import { useAnswer } from '../../api/queries.ts'
import { Panel } from '../../components/panel.tsx'
import { useSeesAll } from '../../shell/session.ts'
import { Verdict } from '../../components/verdict.tsx'

/** What is left to do before the first proof, each line with its command; gone when its last line is done. */
export function Setup() {
  const { data: services } = useAnswer('GET /services', {}, { enabled: useSeesAll() })
  const { data: checks } = useAnswer('GET /checks', {})
  if (!services || !checks) return null
  const lines = [
    {
      name: 'Say which services there are',
      done: services.items.length > 0,
      command: 'rockpool init',
    },
    {
      name: 'Write a first check, or paste a call that you know already',
      done: checks.items.length > 0,
      command: "rockpool check import 'curl https://…' --installation local",
    },
    {
      name: 'See it pass',
      done: checks.items.some(({ runs }) => runs.some(({ verdict }) => verdict === 'pass')),
      command: 'rockpool check --installation local',
    },
  ]
  if (lines.every(({ done }) => done)) return null
  const next = lines.find(({ done }) => !done)
  return (
    <Panel title="Setup" note={`${lines.filter(({ done }) => done).length} of ${lines.length} done`}>
      <ol className="setup">
        {lines.map(({ name, done, command }) => (
          <li key={name}>
            <Verdict is={done ? 'done' : 'to do'} shape={done ? 'pass' : 'none'} bare />
            <span>
              {name}
              {!done && (
                <pre className="code" tabIndex={0}>
                  {command}
                </pre>
              )}
            </span>
            {next?.name === name && <span className="faint">next</span>}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
