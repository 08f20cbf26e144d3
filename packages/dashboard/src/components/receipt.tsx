import { useId } from 'react'
import { Link } from 'react-router'
import { age, count, many, took } from '../format.ts'
import { runPath } from '../shell/find.ts'
import { rowsOf, type Receipt } from '../view/receipt.ts'
import { Tag } from './tag.tsx'
import { Time } from './time.tsx'
import { Verdict } from './verdict.tsx'

/** The proof of a deletion: rows by table before and after, and what stays by design. */
export function ReceiptCard({ receipt }: { receipt: Receipt }) {
  const heading = useId()
  const { rows, empty, tables, owners, before, after, unchecked } = rowsOf(receipt)
  const lifeMs = Date.parse(receipt.at) - Date.parse(receipt.createdAt)
  return (
    <article className="receipt" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>Receipt</h2>
        {receipt.complete ? (
          <Verdict is="nothing is left" shape="pass" />
        ) : (
          <Verdict
            is={after === 0 ? 'not complete' : `${many(after, 'row')} ${after === 1 ? 'is' : 'are'} left`}
            shape="fail"
          />
        )}
        <dl className="facts">
          <dt>sandbox</dt>
          <dd>
            {receipt.sandbox} <Tag is="sandbox" />
          </dd>
          {receipt.run !== null && (
            <>
              <dt>run</dt>
              <dd>
                <Link to={runPath(receipt.run)}>{receipt.run}</Link>
              </dd>
            </>
          )}
          <dt>life</dt>
          <dd>
            <Time at={receipt.createdAt} zone={false} /> to <Time at={receipt.at} />,{' '}
            {lifeMs < 100_000 ? took(lifeMs) : age(lifeMs)}
          </dd>
        </dl>
      </header>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Rows by table</th>
            <th scope="col" className="num">
              before
            </th>
            <th scope="col" className="num">
              after
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, before: rowsBefore, after: rowsAfter }) => (
            <tr key={name} className={rowsAfter > 0 ? 'bad' : undefined}>
              <th scope="row">{name}</th>
              <td className="num">{rowsBefore === null ? 'not there' : count(rowsBefore)}</td>
              <td className="num">{rowsAfter > 0 ? <b>{count(rowsAfter)}</b> : 0}</td>
            </tr>
          ))}
          {empty > 0 && (
            <tr>
              <th scope="row">
                <span className="faint">
                  {many(empty, rows.length > 0 ? 'more table' : 'table')}, counted too
                </span>
              </th>
              <td className="num">0</td>
              <td className="num">0</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              {many(tables, 'table')} of {many(owners, 'owner')}
            </th>
            <td className="num">{count(before)}</td>
            <td className="num">{count(after)}</td>
          </tr>
        </tfoot>
      </table>
      <dl className="facts">
        {receipt.refusals.map(({ service, reason }) => (
          <FactPair key={service} name={`${service} refused`} text={reason} />
        ))}
        {unchecked.length > 0 && (
          <FactPair name="not looked into" text={`${unchecked.join(', ')}: no column “organization”`} />
        )}
        <dt>passes</dt>
        <dd>{many(receipt.passes, 'time')} all services were asked to erase</dd>
        <dt>stays by design</dt>
        <dd>
          <ul>
            {receipt.remains.map(({ what, why }) => (
              <li key={what}>
                {what} <span className="faint">{why}</span>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      <footer>
        <p className="faint">
          counted by control <Time at={receipt.at} />
        </p>
        <pre className="code" tabIndex={0}>
          {receipt.id}
        </pre>
      </footer>
    </article>
  )
}

function FactPair({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  )
}
