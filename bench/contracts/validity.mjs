// How many of the bodies that are made up for a document's answers are valid, by a validator that is nobody's here.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { sample } from 'openapi-sampler'

import { createMock, readContract, toOpenApi } from '../../packages/rockpool/src/contracts/index.ts'
import { requestMaker } from '../../packages/rockpool/test/support/mock-calls.ts'

/**
 * Shares from 0 to 1, over all answers 2xx with JSON that a document declares.
 * @param {string} file @returns {{ ours: number, sampler: number, bodies: number }}
 */
export function validShares(file) {
  const reading = readContract(readFileSync(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(`${file}: ${reading.findings[0]?.message}`)
  const { contract } = reading
  const document = JSON.parse(JSON.stringify(toOpenApi(contract)))
  // Formats are left to whoever knows them; unknown words of OpenAPI are no fault of a body.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false })
  ajv.addSchema(document, 'document')
  const mock = createMock(contract, { stateful: false })
  const make = requestMaker(contract)
  let [bodies, oursValid, samplersValid] = [0, 0, 0]
  for (const operation of contract.operations)
    for (const response of operation.responses) {
      if (!/^2\d\d$/.test(response.status)) continue
      const media = response.content.find(({ name }) => name.includes('json'))
      if (!media) continue
      bodies++
      const place = `document#/paths/${token(operation.path)}/${operation.method.toLowerCase()}/responses/${response.status}/content/${token(media.name)}/schema`
      const validate = media.schema === true ? () => true : ajv.compile({ $ref: encodeURI(place) })
      const request = make(operation)
      const headers = [...(request?.headers ?? []), 'Prefer', `code=${response.status}`, 'Accept', media.name]
      const answer = request && mock.answer({ ...request, headers })
      // What comes in pieces is a stream, and no JSON text.
      const text = answer && (typeof answer.body === 'string' ? answer.body : '')
      if (text && answer.status === Number(response.status) && validate(JSON.parse(text))) oursValid++
      if (validate(sampled(media.schema, document))) samplersValid++
    }
  return { ours: oursValid / bodies, sampler: samplersValid / bodies, bodies }
}

const token = (/** @type {string} */ name) => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** @param {unknown} schema @param {object} document */
function sampled(schema, document) {
  try {
    return sample(/** @type {any} */ (schema), { quiet: true }, document)
  } catch {
    return undefined
  }
}
