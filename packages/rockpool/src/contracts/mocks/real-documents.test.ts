import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { realDocument } from '../../../test/support/contracts.ts'
import { requestMaker } from '../../../test/support/mock-calls.ts'
import { readContract } from '../read.ts'
import type { Contract } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createMock } from './mock.ts'
import { responseFor } from './preference.ts'

const names = [
  'petstore.yaml',
  'adyen-checkout70.json',
  'stripe-2017-09-05.json',
  'stripe-2022-04-12.json',
  'apibuilder-api.json',
  'flow-service.json',
]
for (const name of names) {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(
    `${name} (a document beside the project): every operation answers, and every answer is valid`,
    { timeout: 60_000 },
    () => {
      const reading = readContract(readFileSync(file, 'utf8'), { file: name })
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 5)))
      const result = callAll(reading.contract)
      expect(result.wrong.slice(0, 5)).toEqual([])
      expect(result.answered).toBeGreaterThan(0)
    },
  )
}

/** Calls every operation with a good request. */
function callAll(real: Contract): { answered: number; wrong: string[] } {
  const mock = createMock(real, { stateful: false })
  const { isValid } = createValidator(real, { direction: 'response' })
  const make = requestMaker(real)
  const wrong: string[] = []
  let answered = 0
  for (const operation of real.operations) {
    const request = make(operation)
    if (request === undefined) {
      wrong.push(`${operation.id}: no request`)
      continue
    }
    const answer = mock.answer(request)
    const type = answer.headers[answer.headers.indexOf('Content-Type') + 1]
    const declared = responseFor(operation.responses, answer.status)
    const media = declared?.response.content.find((one) => one.name === type)
    const isRight =
      answer.status < 400 &&
      (media === undefined
        ? answer.body === ''
        : isValid(
            media.schema,
            type?.includes('json') ? JSON.parse(String(answer.body)) : String(answer.body),
          ))
    if (isRight) answered += 1
    else
      wrong.push(
        `${operation.method} ${operation.path}: ${answer.status} ${String(answer.body).slice(0, 400)}`,
      )
  }
  return { answered, wrong }
}
