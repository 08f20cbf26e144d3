import { useEffect, useState } from 'react'

const patienceMs = 300

/** Bones, but only where an answer takes longer than one notices; no movement. */
export function Loading({ rows = 4, what }: { rows?: number; what: string }) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  const widths = [240, 190, 220, 150]
  return (
    <div className="loading" aria-busy="true">
      <span className="sr">reading {what}</span>
      {isLate &&
        Array.from({ length: rows }, (_, row) => (
          <i key={row} className="bone" style={{ '--w': `${widths[row % widths.length]}px` } as object} />
        ))}
    </div>
  )
}
