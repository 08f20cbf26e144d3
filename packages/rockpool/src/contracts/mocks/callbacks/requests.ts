import { chooseBody, writeBody } from '../../sending/bodies.ts'
import { NotMade } from '../../sending/made.ts'
import { queryOf, textOf } from '../../sending/parameters.ts'
import { createRequestReader } from '../../requests/index.ts'
import { createSampler } from '../../samples/index.ts'
import type { Contract, Example, Json, Operation, Parameter, Schema } from '../../types.ts'
import { createValidator } from '../../validation/index.ts'
import { createFollower } from './follow.ts'
import type { CallRequest, PlannedCall } from './types.ts'

export interface CallMaker {
  /**
   * The request of a call: all that the contract declares of it, or what it requires where the rest cannot be had. It has
   * been read as the contract says, and keeps to it. Its body says of what it follows what that said itself. The same seed, key
   * and exchange give the same request. `url` is good.
   * @throws NotMade
   */
  make(call: Made, url: string): CallRequest
}

type Made = Pick<PlannedCall, 'to' | 'key' | 'follows'>

/** Of a body, in bytes. */
const largestBody = 1_000_000

export function createCallMaker(contract: Contract, { seed }: { seed: string }): CallMaker {
  const validator = createValidator(contract, { direction: 'request' })
  const sampler = createSampler(contract, { seed, validator })
  const reader = createRequestReader(contract, validator)
  const follow = createFollower(contract, validator)

  function sample(key: string, schema: Schema, examples: Example[], what: string): Json {
    const made = sampler.sample(schema, { key, direction: 'request', examples })
    if (made.ok) return made.value
    throw new NotMade(`${what} cannot be made up: ${made.reason}`)
  }

  function bodyOf({ to, key, follows }: Made): { type: string; text: string } | null {
    const { body, method } = to
    if (body === null) return null
    if (method !== 'GET' && method !== 'HEAD')
      return optional(body.required, () => {
        const media = chooseBody(body)
        const made = sample(`${key} body`, media.schema, media.examples, 'its body')
        return writeBody(media, follows === null ? made : follow(media.schema, made, follows))
      })
    if (body.required) throw new NotMade(`a body is never sent with ${method}`)
    return null
  }

  function written(call: Made, url: string, needed: boolean): CallRequest {
    const { to, key } = call
    const target = new URL(url)
    // What the address says itself stays as it is said.
    const said = new Set(target.searchParams.keys())
    const headers: [string, string][] = []
    const cookies: string[] = []
    for (const parameter of parametersOf(to).filter(({ required }) => required || !needed)) {
      const { name, in: place, schema, examples } = parameter
      const value = () => sample(`${key} ${place} ${name}`, schema, examples, `its parameter ${name}`)
      optional(parameter.required, () => {
        if (place === 'header') headers.push([name, textOf(parameter, value())])
        else if (place === 'cookie') cookies.push(cookieOf(name, textOf(parameter, value())))
        else if (place === 'query') {
          for (const [pair, texts] of queryOf(parameter, value()))
            for (const text of said.has(pair) ? [] : texts) target.searchParams.append(pair, text)
        } else throw new NotMade('its query as a whole has a media type')
      })
    }
    if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')])
    const body = bodyOf(call)
    if (body !== null) headers.push(['Content-Type', body.type])
    if (body !== null && Buffer.byteLength(body.text) > largestBody)
      throw new NotMade(`its body has more than ${largestBody / 1_000_000} MB`)
    return { method: to.method, url: target.href, headers, body: body?.text ?? null }
  }

  /** What is wrong with it; undefined: nothing. */
  function faultIn(to: Operation, { url, headers, body }: CallRequest): string | undefined {
    const read = reader.read(
      { ...to, parameters: parametersOf(to) },
      {
        path: {},
        query: new URL(url).search.slice(1),
        headers: headers.flat(),
        body: body === null ? null : Buffer.from(body),
      },
    )
    return read.findings[0]?.message
  }

  function good(call: Made, url: string): CallRequest {
    let fault: string | undefined
    for (const needed of [false, true]) {
      const request = written(call, url, needed)
      fault = faultIn(call.to, request)
      if (fault === undefined) return request
    }
    throw new NotMade(`what was made is not valid: ${fault}`)
  }

  return {
    make(call, url) {
      if (unsendable.has(call.to.method)) throw new NotMade(`${call.to.method} is never sent`)
      // What was answered may be more than a call can say.
      const made = call.follows === null ? null : optional(false, () => good(call, url))
      return made ?? good({ ...call, follows: null }, url)
    },
  }
}

/** Fetch sends none of them (Fetch, 2.2.1). */
const unsendable = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** About the message itself; the first three no contract declares (OpenAPI 3.1, 4.8.12.1). */
const framing = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Those that are written: where it goes to has been said, so none is of its path. */
function parametersOf({ parameters }: Operation): Parameter[] {
  return parameters.filter(
    ({ in: place, name }) =>
      place !== 'path' &&
      !(place === 'header' && (framing.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))),
  )
}

const cookieOf = (name: string, text: string) => `${name}=${encodeURIComponent(text.toWellFormed())}`

/** What need not be there is left out where it cannot be made. */
function optional<T>(isRequired: boolean, make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (isRequired || !(error instanceof NotMade)) throw error
    return null
  }
}
