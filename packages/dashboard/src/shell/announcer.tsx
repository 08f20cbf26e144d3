import { useEffect, useRef, useState } from 'react'
import { useAnswer } from '../api/queries.ts'

/** Tells screen readers when the verdict of a check changes, and nothing else: not every run, not every second. */
export function Announcer() {
  const { data } = useAnswer('GET /checks', {})
  const before = useRef<Map<string, string>>(undefined)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (!data) return
    const verdicts = new Map(
      data.items.flatMap(({ name, latest }) => (latest ? [[name, latest.verdict]] : [])),
    )
    const changed = [...verdicts].filter(
      ([name, verdict]) => before.current?.has(name) && before.current.get(name) !== verdict,
    )
    before.current = verdicts
    if (changed.length > 0) setSaid(changed.map(([name, verdict]) => `${name}: ${verdict}`).join('; '))
  }, [data])
  return (
    <p className="sr" role="status">
      {said}
    </p>
  )
}
