import { ClientError } from './errors.ts'
import type { LooseInit, Page, PageOptions, Pages, Pagination } from './types.ts'

export interface Paging {
  /** One call. */
  read: (init: LooseInit) => Promise<unknown>
  pagination: Pagination
  operation: string
  init: LooseInit
  paging: PageOptions
}

/** The pages of a list, each asked for when it is needed. Every iteration begins anew. */
export function pagesOf(paging: Paging): Pages<unknown> {
  return {
    byPage: () => readPages(paging),
    async *[Symbol.asyncIterator]() {
      for await (const { items } of readPages(paging)) yield* items
    },
  }
}

async function* readPages({
  read,
  pagination,
  operation,
  init,
  paging,
}: Paging): AsyncGenerator<Page<unknown>> {
  const { from, maxPages = 1_000 } = paging
  const { parameter } = pagination
  const query = (init.params?.query ?? {}) as Record<string, unknown>
  const seen = new Set<string | number>()
  let at = from ?? (query[parameter] as string | number | undefined) ?? null
  for (let count = 1; ; count++) {
    if (count > maxPages) throw tooMany(operation, `has more than ${maxPages} pages`, at)
    if (at !== null) seen.add(at)
    const place = at === null ? {} : { [parameter]: at }
    const data = await read({ ...init, params: { ...init.params, query: { ...query, ...place } } })
    const page = pageOf(data, pagination, at, operation)
    if (page.next !== null && seen.has(page.next))
      throw tooMany(operation, 'leads back to a page that was read', page.next)
    yield page
    if (page.next === null) return
    at = page.next
  }
}

/** What an answer holds, and where the next page begins. Pure. */
function pageOf(
  data: unknown,
  pagination: Pagination,
  at: string | number | null,
  operation: string,
): Page<unknown> {
  const fields = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>
  const items = pagination.items === null ? data : fields[pagination.items]
  if (!Array.isArray(items))
    throw new ClientError(
      'unreadable_answer',
      `the answer of ${operation} holds no list where its contract has one`,
      {
        operation,
      },
    )
  if (pagination.kind === 'cursor') {
    const next = fields[pagination.next]
    return { items, next: typeof next === 'string' && next !== '' ? next : null }
  }
  // A service may give less than it is asked for: only a page with nothing on it is known to be the last.
  return { items, next: items.length === 0 ? null : Number(at ?? 0) + items.length }
}

function tooMany(operation: string, what: string, at: string | number | null): ClientError {
  const place = at === null ? '' : `; go on from “${String(at).slice(0, 100)}” if that is right`
  return new ClientError('too_many_pages', `the list of ${operation} ${what}${place}`, { operation })
}
