import { useNavigate, useSearchParams } from 'react-router'
import { changed } from '../../components/tabs.tsx'
import type { Comparison } from '../../view/differences.ts'

const every = ''

/** Chooses the differences that one operation meets. */
export function Operations({ told }: { told: Comparison }) {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const chosen = search.get('operation') ?? every
  if (told.operations.length < 2 && chosen === every) return null
  const isListed = chosen === every || told.operations.some(({ operation }) => operation === chosen)
  const choose = (operation: string) => {
    const changes = { operation: operation === every ? null : operation, after: null, fingerprint: null }
    void navigate({ search: changed(search, changes) }, { replace: true, preventScrollReset: true })
  }
  return (
    <div className="pick-pair">
      <label className="wide">
        <span>Operation</span>
        <select className="field" value={chosen} onChange={({ target }) => choose(target.value)}>
          <option value={every}>all</option>
          {!isListed && <option>{chosen}</option>}
          {told.operations.map(({ operation, differences }) => (
            <option key={operation} value={operation}>
              {operation} ({differences})
            </option>
          ))}
        </select>
      </label>
      {told.operationsInAll > told.operations.length && (
        <span className="faint">
          the first {told.operations.length} of {told.operationsInAll}; any other can be written into the
          address
        </span>
      )}
    </div>
  )
}
