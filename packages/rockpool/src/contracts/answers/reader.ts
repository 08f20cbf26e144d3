import { isJson, matchMedia, readContentType } from '../requests/media-types.ts'
import { headerValues } from '../requests/index.ts'
import { decodeUtf8, readJsonText } from '../requests/texts.ts'
import { unescapeToken } from '../source/origins.ts'
import type { Contract, Json, Operation, Response } from '../types.ts'
import type { Validator } from '../validation/index.ts'
import type { AnswerFinding, ReceivedAnswer } from './types.ts'
import { undeclaredIn } from './undeclared.ts'

export interface AnswerReader {
  /** All in which an answer differs from the contract; none: it keeps to it. Nothing is thrown for what is in it. */
  read(operation: Operation, answer: ReceivedAnswer): AnswerFinding[]
}

const mostValue = 64

/**
 * Holds answers against a contract. Pure.
 *
 * @param validator of the same contract, for responses
 */
export function createAnswerReader(
  contract: Pick<Contract, 'schemas'>,
  validator: Pick<Validator, 'validate' | 'isValid'>,
): AnswerReader {
  return {
    read(operation, { status, headers, body }) {
      const response = responseFor(operation.responses, status)
      if (response === undefined) return [{ pointer: '', keyword: 'status' }]
      const [header] = headerValues(headers, 'content-type')
      const type = header === undefined ? undefined : readContentType(header)
      if (response.content.length === 0 || (type === undefined && (body === null || body.length === 0)))
        return []
      const media = type && matchMedia(response.content, type.name)
      if (media === undefined) return [{ pointer: '', keyword: 'contentType' }]
      if (body === null || !isJson(type!.name)) return []
      const text = decodeUtf8(body)
      const { value, faults } = text === undefined ? { value: null, faults: [''] } : readJsonText(text)
      if (faults.length > 0) return [{ pointer: '', keyword: 'syntax' }]
      const violations = validator.validate(media.schema, value).map(({ pointer, keyword }) => ({
        pointer,
        keyword,
        ...(keyword === 'enum' ? valueOf(value, pointer) : {}),
      }))
      const undeclared = undeclaredIn(contract, validator, media.schema, value)
      return [...violations, ...undeclared.map((pointer) => ({ pointer, keyword: 'undeclared' }))]
    },
  }
}

/** The most specific that is declared: `404` before `4XX` before `default`. */
function responseFor(responses: readonly Response[], status: number): Response | undefined {
  const names = [String(status), `${Math.floor(status / 100)}XX`, 'default']
  for (const name of names) {
    const found = responses.find((response) => response.status.toUpperCase() === name.toUpperCase())
    if (found !== undefined) return found
  }
  return undefined
}

/** The text there, where it is one, and short. */
function valueOf(value: Json, pointer: string): { value?: string } {
  let at: Json | undefined = value
  for (const token of pointer.split('/').slice(1)) {
    const name = unescapeToken(token)
    if (Array.isArray(at)) at = at[Number(name)]
    else at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return typeof at === 'string' && at.length <= mostValue ? { value: at } : {}
}
