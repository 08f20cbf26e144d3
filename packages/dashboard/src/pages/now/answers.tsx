import { Link } from 'react-router'
import type { Answer } from '../../api/operations.ts'
import { Age } from '../../components/age.tsx'
import { Time } from '../../components/time.tsx'
import { shapeOf, Verdict } from '../../components/verdict.tsx'
import { checkPath } from '../../shell/find.ts'
import { lifeOfResult, stateOf, worstFirst, type CheckItem } from '../../view/checks.ts'

type StatusAnswer = Answer<'GET /status'>['answers'][number]

/** As many troubles as one wants to read before the list of checks says the rest. */
const mostTroubles = 3

/** The four questions in the order of `rockpool status`, each with its evidence and its age. */
export function Answers({
  answers,
  checks,
}: {
  answers: readonly StatusAnswer[]
  checks: readonly CheckItem[]
}) {
  return (
    <ol className="panel answers">
      {answers.map(({ question, answer, evidence, provenAt }, index) => {
        // The first is answered by the checks: those in its way are named.
        const trouble = index === 0 && answer !== 'yes' ? troublesOf(checks) : []
        return (
          <li key={question} className={answer === 'no' ? 'bad' : undefined}>
            <h2>{question}</h2>
            <p className={`v ${shapeOf(answer)}`}>{`${answer[0]?.toUpperCase()}${answer.slice(1)}`}</p>
            <div>
              <p>{evidence}</p>
              {trouble.length > 0 && (
                <ul>
                  {trouble.map((check) => (
                    <TroubleRow key={check.name} check={check} />
                  ))}
                </ul>
              )}
            </div>
            {provenAt && (
              <Age
                at={provenAt}
                lifeMs={lifeOf(index, checks)}
                before={index === 0 ? 'oldest ' : ''}
                after={index === 0 ? '' : ' ago'}
              />
            )}
          </li>
        )
      })}
    </ol>
  )
}

function TroubleRow({ check }: { check: CheckItem }) {
  const { name, latest } = check
  return (
    <li>
      <Verdict is={stateOf(check)} bare />
      <span>
        <Link to={checkPath(name)}>
          <b>{name}</b>
        </Link>
        <br />
        <span className="muted">
          {latest?.message ?? 'It has not run yet.'}
          {latest?.why[0] && <> {latest.why[0]}.</>}
          {latest && (
            <>
              {' '}
              Since <Time at={latest.since} zone={false} seconds={false} />.
            </>
          )}
        </span>
      </span>
    </li>
  )
}

const troublesOf = (checks: readonly CheckItem[]) =>
  worstFirst(checks)
    .filter((check) => stateOf(check) !== 'pass')
    .slice(0, mostTroubles)

/** How long the proof of an answer lives: the oldest result of a check counts for three of its intervals. */
function lifeOf(index: number, checks: readonly CheckItem[]): number {
  const lives = checks.map(({ every }) => lifeOfResult(every))
  return index === 0 && lives.length > 0 ? Math.max(...lives) : 3_600_000
}
