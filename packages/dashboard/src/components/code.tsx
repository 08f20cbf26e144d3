import { Fragment } from 'react'

/** What the redaction of the evidence puts in the place of a value. */
const cut = /(\[redacted\]|\[card …\d{4}\])/

/** Text that came from outside, as text, with what was taken out of it marked. */
export function Foreign({ text }: { text: string }) {
  return text
    .split(cut)
    .map((piece, index) => (
      <Fragment key={index}>
        {index % 2 === 1 ? <span className="cut">{piece.slice(1, -1)}</span> : piece}
      </Fragment>
    ))
}

/** Evidence as it was, scrolled by itself. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      <Foreign text={text} />
    </pre>
  )
}

/** Lines of a file, the wrong one marked, with what was wrong beside it. */
export function Frame({
  lines,
  hit,
  said,
}: {
  lines: readonly { line: number; text: string }[]
  /** Its number. */
  hit: number | undefined
  said: string
}) {
  const width = String(lines.at(-1)?.line ?? 0).length
  return (
    <pre className="code" tabIndex={0} role="region" aria-label="The code">
      {lines.map(({ line, text }) => {
        const number = <span className="ln">{`${String(line).padStart(width)}  `}</span>
        if (line !== hit) {
          return (
            <Fragment key={line}>
              {number}
              {`${text}\n`}
            </Fragment>
          )
        }
        return (
          <span key={line} className="hit">
            {number}
            {text}
            {said && <span className="fail">{`    ${said}`}</span>}
          </span>
        )
      })}
    </pre>
  )
}
