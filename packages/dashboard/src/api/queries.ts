import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { useLive } from '../live/context.ts'
import { call, type Refusal } from './client.ts'
import type { Answer, Input, ReadRoute, RouteName } from '@rockpool/client/control'

/** Where an answer is kept: `live/topics.ts` finds what to read again by the route. */
export const keyOf = (route: ReadRoute, input: unknown) => [route, input] as const

/** What changes by the mere passing of time: a proof that grows too old is none any more. */
const aging: ReadonlySet<string> = new Set(['GET /status'])

/** How often is asked while nothing tells of changes, in milliseconds. */
const askEveryMs = 5_000

/**
 * An answer of control, read again whenever it may have changed. What was shown stays until the new one is there, also
 * when its query changes. `isOver`: what it is about does not change any more, so it is read once.
 */
export function useAnswer<R extends ReadRoute>(
  route: R,
  input: Input<R>,
  { enabled = true, isOver = false }: { enabled?: boolean; isOver?: boolean } = {},
): UseQueryResult<Answer<R>, Refusal> {
  const { state } = useLive()
  return useQuery<Answer<R>, Refusal>({
    queryKey: isOver ? ['over', route, input] : keyOf(route, input),
    queryFn: ({ signal }) => call(route, input, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isOver || (state === 'live' && !aging.has(route)) ? false : askEveryMs,
    enabled,
  })
}

/** Something that the page does. When it is done, everything is read again that its route is about. */
export function useAction<R extends RouteName>(route: R): UseMutationResult<Answer<R>, Refusal, Input<R>> {
  const queries = useQueryClient()
  return useMutation<Answer<R>, Refusal, Input<R>>({
    mutationFn: (input) => call(route, input),
    onSettled: () => queries.invalidateQueries(),
  })
}
