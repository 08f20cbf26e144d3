import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { differencesPath, selectorsOf } from '../../view/contracts.ts'

/** Most versions to choose from; any other can be written into the address. */
const most = 200

/** Two versions to choose, and the way to how they differ. @param from, to those that are shown, as the address names them */
export function Pair({
  service,
  from,
  to,
}: {
  service: string
  from: string | undefined
  to: string | undefined
}) {
  const navigate = useNavigate()
  const history = useAnswer('GET /contracts/{service}/versions', {
    params: { service },
    query: { limit: most },
  })
  const [chosen, choose] = useState<{ from?: string; to?: string }>({})
  const options = selectorsOf(
    history.data?.items ?? [],
    [from, to],
    (history.data?.production ?? []).length > 0,
  )
  const first = chosen.from ?? from ?? options.standing.from
  const second = chosen.to ?? to ?? options.standing.to
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void navigate(differencesPath(service, first, second))
  }
  const select = (name: 'from' | 'to', label: string, value: string) => (
    <label>
      <span>{label}</span>
      <select
        className="field"
        name={name}
        value={value}
        onChange={({ target }) => choose((before) => ({ ...before, [name]: target.value }))}
      >
        {options.selectors.map(({ selector, says }) => (
          <option key={selector} value={selector}>
            {says}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <form className="pick-pair" onSubmit={submit}>
      {select('from', 'From', first)}
      {select('to', 'to', second)}
      <button type="submit" className="btn">
        Compare
      </button>
    </form>
  )
}
