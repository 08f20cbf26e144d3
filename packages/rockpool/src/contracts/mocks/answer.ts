import { problem } from '../../kernel/index.ts'
import type { Problem } from '../../kernel/index.ts'
import type { Contract, MediaType } from '../types.ts'
import { bodyOf } from './body.ts'
import type { BodyParts } from './body.ts'
import { headersOf } from './headers.ts'
import { contentType, isWritable } from './media.ts'
import { KeptAnswers } from './kept.ts'
import { chooseMedia } from './negotiate.ts'
import { answerProblem } from './problem.ts'
import { Refused } from './refused.ts'
import type { MockAnswer } from './types.ts'
import type { Values } from './values.ts'
import type { Written } from './written.ts'

export interface Writer {
  write(written: Written): MockAnswer
  /** Why it would not be written, whatever it is about; null: it would. */
  refusal(written: Written): Problem | null
}

/** What is written without a memory of its own hangs on the request alone, and is kept. */
export function createWriter(parts: BodyParts): Writer {
  const kept = new KeptAnswers()
  return {
    write(written) {
      const media = mediaOf(parts.contract, written)
      if (media !== null && !isMedia(media)) return answerProblem(media)
      const key = keyOf(parts.values, written, media)
      return key === null ? write(parts, written, media) : kept.take(key, () => write(parts, written, media))
    },
    refusal(written) {
      const media = mediaOf(parts.contract, written)
      return media === null || isMedia(media) ? null : media
    },
  }
}

/** All that an answer is made from; null: it is made for this request only. */
function keyOf(
  values: Values,
  { organization, operation, response, status, parameters, preference, content }: Written,
  media: MediaType | null,
): string | null {
  const { example, branches, items } = preference
  if (content !== null || example !== null || branches.length > 0 || items !== null) return null
  const members = media === null ? {} : values.allowed(media.schema, parameters)
  const { method, path } = operation
  return JSON.stringify([method, path, response.status, status, media?.name, organization, members])
}

function write(parts: BodyParts, written: Written, media: MediaType | null): MockAnswer {
  const { response, status, operation } = written
  const key = `${written.organization} ${operation.id} ${response.status}`
  const told = headersOf(parts.values, response, key)
  if (media === null) return { status, headers: told, body: '' }
  const body = bodyOf(parts, written, media, `${key} ${media.name}`)
  if (body === undefined)
    return answerProblem(
      problem('mock_unable', `${operation.id} has no valid answer ${status} with ${media.name}`),
    )
  if (body instanceof Refused) return answerProblem(problem('malformed_request', `Prefer: ${body.reason}`))
  return { status, headers: [...told, 'Content-Type', contentType(media.name)], body }
}

/** What is written; null: nothing; a problem: nothing that is accepted can be. */
function mediaOf(
  contract: Contract,
  { response, status, headers, operation }: Written,
): MediaType | Problem | null {
  const content = hasBody(status) ? response.content : []
  const names = content.map(({ name }) => name).join(', ')
  const media = chooseMedia(content, headers)
  if (media === undefined) return problem('not_acceptable', `${operation.id} answers ${status} with ${names}`)
  if (media === null || isWritable(contract, media)) return media
  return problem('mock_unable', `a mock writes no ${media.name} but by an example: ${operation.id} has none`)
}

const isMedia = (media: MediaType | Problem): media is MediaType => 'encoding' in media

/** RFC 9110 6.4.1. */
function hasBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304
}
