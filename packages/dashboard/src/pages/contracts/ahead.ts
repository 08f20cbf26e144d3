import { useQueries } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { aheadOf, type ContractItem, type Counts } from '../../view/contracts.ts'

const route = 'GET /contracts/{service}/differences'

/**
 * How the newest version of each service differs from what runs, where these are two; undefined while it is not known.
 * It is asked by address: two contents differ the same way for ever.
 */
export function useAhead(items: readonly ContractItem[]): ReadonlyMap<string, Counts | undefined> {
  const asked = items.flatMap((item) => {
    const ahead = aheadOf(item)
    return ahead === undefined ? [] : [{ service: item.service, ...ahead }]
  })
  return useQueries({
    queries: asked.map(({ service, from, to }) => {
      const input = { params: { service }, query: { from: from.address, to: to.address, limit: 1 } }
      return {
        queryKey: ['over', route, input],
        queryFn: ({ signal }: { signal: AbortSignal }) => call(route, input, { signal }),
        staleTime: Number.POSITIVE_INFINITY,
      }
    }),
    combine: (results) =>
      new Map(asked.map(({ service }, index) => [service, results[index]?.data?.counts] as const)),
  })
}
