import { stripOf, type StripRun } from '../view/strip.ts'

/** The last 30 runs at a glance: quiet passes, loud fails, hollow uncheckables. */
export function Strip({ runs, every }: { runs: readonly StripRun[]; every: number | null }) {
  const { p, f, u, label } = stripOf(runs, every)
  return (
    <svg className="strip" viewBox="0 0 178 20" role="img" aria-label={label}>
      {p && <path className="p" d={p} />}
      {f && <path className="f" d={f} />}
      {u && <path className="u" d={u} />}
    </svg>
  )
}
