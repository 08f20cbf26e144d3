import { describe, expect, onTestFinished, test } from 'vitest'
import { schemasafeOf } from '../../../test/support/contract-schemasafe.ts'
import { realDocument } from '../../../test/support/contracts.ts'
import { count, limitMs } from '../../../test/support/counts.ts'
import { openApiFetcher } from '../../../test/support/fetch-calls.ts'
import { callMaker } from '../../../test/support/mock-calls.ts'
import { loadContract } from '../load.ts'
import type { Contract, Json, MediaType, Operation, Schema } from '../types.ts'
import { createMock } from './mock.ts'
import { responseFor } from './responses.ts'
import { startMockServer } from './server.ts'

/*
 * Mocks of real documents, called as users call them: good requests by openapi-fetch, over a socket; and each body of an
 * answer judged by @exodus/schemasafe, which shares no line with what made it.
 */

/** Operations of each document that are called, evenly spread over it. */
const most = count('mockedOperations', 40)

describe.each([
  { name: 'petstore.yaml', bodies: 14 },
  { name: 'adyen-checkout70.json', bodies: 26 },
  { name: 'stripe-2017-09-05.json', bodies: 38 },
  { name: 'stripe-2022-04-12.json', bodies: 38 },
  { name: 'apibuilder-api.json', bodies: 24 },
  { name: 'apibuilder-spec.json', bodies: 0 },
  { name: 'flow-service.json', bodies: 34 },
])('$name', ({ name, bodies }) => {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(
    `each operation answers openapi-fetch with a body that a second validator takes${isHere ? '' : ' (it is not on this machine)'}`,
    async () => {
      const reading = await loadContract(file)
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 5)))
      const { called, judged, wrong } = await callAll(reading.contract)
      expect(wrong.slice(0, 5)).toEqual([])
      expect(called).toBe(Math.min(most, reading.contract.operations.length))
      expect(judged).toBeGreaterThanOrEqual(bodies)
    },
    limitMs(60_000),
  )
})

async function callAll(contract: Contract) {
  const server = await startMockServer(createMock(contract, { stateful: false }), { port: 0 })
  onTestFinished(() => server.close())
  const fetchAnswer = openApiFetcher(`http://127.0.0.1:${server.port}`)
  const make = callMaker(contract)
  const operations = spread(contract.operations, most)
  const isValid = schemasafeOf(contract, jsonSchemasOf(operations))
  const wrong: string[] = []
  let judged = 0
  for (const operation of operations) {
    const call = make(operation)
    if (call === undefined) {
      wrong.push(`${operation.id}: no request`)
      continue
    }
    const { status, type, body } = await fetchAnswer(operation, call)
    const tell = (what: string) =>
      wrong.push(`${operation.method} ${operation.path}: ${status} ${what}: ${body.slice(0, 400)}`)
    const response = responseFor(operation.responses, status)?.response
    if (status >= 400 || response === undefined) {
      tell('is not declared, or refuses')
      continue
    }
    if (response.content.length === 0) {
      if (body !== '') tell('has a body, and none is declared')
      continue
    }
    const media = response.content.find((one) => one.name.split(';')[0] === type)
    if (media === undefined) tell(`is ${type}, which is not declared`)
    else if (isJson(media)) {
      judged += 1
      if (!isValid(keyOf(operation, response.status, media), JSON.parse(body) as Json)) tell('is not valid')
    }
  }
  return { called: operations.length, judged, wrong }
}

const isJson = ({ name }: MediaType) => /[/+]json\b/.test(name)
const keyOf = (operation: Operation, status: string, { name }: MediaType) =>
  `${operation.id} ${status} ${name}`

function jsonSchemasOf(operations: readonly Operation[]): Map<string, Schema> {
  return new Map(
    operations.flatMap((operation) =>
      operation.responses.flatMap(({ status, content }) =>
        content.filter(isJson).map((media) => [keyOf(operation, status, media), media.schema] as const),
      ),
    ),
  )
}

function spread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, index) => all[Math.floor(index * step)]!)
}
