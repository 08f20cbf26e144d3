import { Link } from 'react-router'
import { useNow } from '../../live/clock.ts'
import type { Answer, Item } from '@rockpool/client/control'
import { Age } from '../../components/age.tsx'
import { Time } from '../../components/time.tsx'
import { shapeOf, Verdict } from '../../components/verdict.tsx'
import { checkPath } from '../../shell/find.ts'
import { pages } from '../../shell/pages.ts'
import {
  lifeOfResult,
  stateOf,
  tallyOf,
  tallyWords,
  withoutAge,
  worstFirst,
  type CheckItem,
} from '../../view/checks.ts'

type StatusAnswer = Answer<'GET /status'>['answers'][number]

/** As many troubles as one wants to read before the list of checks says the rest. */
const mostTroubles = 3

/** The four questions in the order of `rockpool status`, each with its evidence and its age. */
export function Answers({
  answers,
  checks,
  bots,
}: {
  answers: readonly StatusAnswer[]
  checks: readonly CheckItem[]
  bots: readonly Item<'GET /bots'>[]
}) {
  const now = useNow()
  const links = ['/checks', '/bots'].map((path) => pages.find((page) => page.path === path)?.path)
  const lives = [longestLife(checks), longestLife(bots)]
  return (
    <ol className="panel answers">
      {answers.map(({ question, answer: told, evidence, provenAt }, index) => {
        const lifeMs = lives[index] ?? lifeOfResult(null)
        // Also while control is away: an old proof stops being a yes by itself.
        const isOver = provenAt !== null && now - Date.parse(provenAt) > lifeMs
        const answer = told === 'yes' && isOver ? 'cannot tell' : told
        // The first is answered by the checks: those in its way are named.
        const troubles = index === 0 && answer !== 'yes' ? troublesOf(checks) : []
        const link = links[index]
        return (
          <li key={question} className={answer === 'no' ? 'bad' : undefined}>
            <h2>{link ? <Link to={link}>{question}</Link> : question}</h2>
            <p className={`v ${shapeOf(answer)}`}>{`${answer[0]?.toUpperCase()}${answer.slice(1)}`}</p>
            <div>
              {/* Named troubles say more than the evidence does, and nothing shouts twice. */}
              <p>{troubles.length > 0 ? tallyWords(tallyOf(checks)) : withoutAge(evidence)}</p>
              {troubles.length > 0 && (
                <ul>
                  {troubles.map((check, place) => (
                    <TroubleRow
                      key={check.name}
                      check={check}
                      isToldAbove={isSameCause(check, troubles[place - 1])}
                    />
                  ))}
                </ul>
              )}
            </div>
            {provenAt && (
              <Age at={provenAt} lifeMs={lifeMs} {...(index === 0 ? { before: 'oldest ', after: '' } : {})} />
            )}
          </li>
        )
      })}
    </ol>
  )
}

function TroubleRow({ check, isToldAbove }: { check: CheckItem; isToldAbove: boolean }) {
  const { name, latest } = check
  return (
    <li>
      <Verdict is={stateOf(check)} bare />
      <div>
        <p>
          <Link to={checkPath(name)}>
            <b>{name}</b>
          </Link>
        </p>
        {!isToldAbove && (
          <>
            <p className="muted">{latest?.message ?? 'It has not run yet.'}</p>
            {latest?.why.map((line) => (
              <p key={line} className="muted">
                {line}
              </p>
            ))}
          </>
        )}
        {latest && (
          <p className="muted">
            {isToldAbove && 'by the same cause, '}since <Time at={latest.since} />
          </p>
        )}
      </div>
    </li>
  )
}

/** One cause is told once. */
const isSameCause = ({ latest }: CheckItem, above: CheckItem | undefined): boolean =>
  latest !== null && latest.why.length > 0 && latest.why.join('\n') === above?.latest?.why.join('\n')

const troublesOf = (checks: readonly CheckItem[]) =>
  worstFirst(checks)
    .filter((check) => stateOf(check) !== 'pass')
    .slice(0, mostTroubles)

/** As long as the slowest of them proves anything. */
const longestLife = (some: readonly { every: number | null }[]): number | undefined =>
  some.length > 0 ? Math.max(...some.map(({ every }) => lifeOfResult(every))) : undefined
