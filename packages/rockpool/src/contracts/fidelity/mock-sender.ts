import type { MockFetch } from '../mocks/index.ts'
import { isJson } from '../mocks/negotiate.ts'
import type { FidelityRequest, SeenAnswer } from './types.ts'

/** Asks the mock, in this process. */
export function createMockSender(fetchMock: MockFetch): (request: FidelityRequest) => Promise<SeenAnswer> {
  return async ({ operation, path, query, headers, body }) => {
    const way = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
      encodeURIComponent(path[name] ?? ''),
    )
    const url = new URL(`http://mock.invalid${way}`)
    for (const [name, values] of Object.entries(query))
      for (const value of values) url.searchParams.append(name, value)
    const answer = await fetchMock(
      new Request(url, { method: operation.method, headers, ...(body === undefined ? {} : { body }) }),
    )
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await readBody(answer),
    }
  }
}

async function readBody(answer: Response): Promise<unknown> {
  const text = await answer.text()
  if (text === '') return undefined
  return isJson(answer.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : text
}
