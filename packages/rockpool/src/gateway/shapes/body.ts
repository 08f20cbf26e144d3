import { problem } from '../../kernel/index.ts'
import type { Problem, Shape } from '../../kernel/index.ts'
import { valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import { toText } from './enveloped-request.ts'
import { readForm } from './form.ts'

/** How the body of a request is turned into JSON. */
export type BodyShape = Extract<Shape, 'form' | 'octet-stream'>

export type ShapedBody = { ok: true; body: Buffer } | { ok: false; problem: Problem }

const types: Readonly<Record<string, BodyShape>> = {
  'application/x-www-form-urlencoded': 'form',
  'application/octet-stream': 'octet-stream',
}

/** What its type asks for, where the operation has the option. Null: the body goes on as it is. Pure. */
export function bodyShapeOf(head: RequestHead, shapes: readonly Shape[]): BodyShape | null {
  const [type, ...more] = valuesOf(head, 'content-type')
  if (type === undefined || more.length > 0) return null
  const essence = type.split(';')[0]!.trim().toLowerCase()
  const shape = Object.hasOwn(types, essence) ? types[essence]! : null
  return shape !== null && shapes.includes(shape) ? shape : null
}

/** What stands against it that can be seen before the body. Pure. */
export function refusedShape(head: RequestHead): Problem | null {
  const coding = valuesOf(head, 'content-encoding').join().trim()
  if (coding !== '' && !/^identity$/i.test(coding))
    return problem(
      'unsupported_media_type',
      'a body that becomes JSON on the way comes without Content-Encoding',
    )
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(valuesOf(head, 'content-type')[0] ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    return problem('unsupported_media_type', 'a body that becomes JSON on the way is UTF-8')
  return null
}

/** The JSON that a body means. Pure. */
export function toJsonBody(shape: BodyShape, bytes: Buffer): ShapedBody {
  const text = toText(bytes)
  if (shape === 'octet-stream') {
    // The bytes as they came: a number of many digits stays what it is.
    if (text !== undefined && isJsonText(text)) return { ok: true, body: bytes }
    const detail = 'the body is not JSON; a body of the type application/octet-stream must be JSON here'
    return { ok: false, problem: problem('unsupported_media_type', detail) }
  }
  if (text === undefined) return { ok: false, problem: problem('malformed_request', 'the form is not UTF-8') }
  const disguised = disguisedJson(bytes)
  if (disguised) return { ok: false, problem: disguised }
  const reading = readForm(text)
  if (reading.ok) return { ok: true, body: Buffer.from(JSON.stringify(reading.value)) }
  const { findings } = reading
  return { ok: false, problem: problem('invalid_input', 'the form cannot be read', { findings }) }
}

/** What stands against a form that is none, but JSON. Pure. */
export function disguisedJson(bytes: Buffer): Problem | null {
  const text = toText(bytes)
  if (text === undefined || !isJsonInDisguise(text)) return null
  const detail = 'the body is JSON, and says that it is a form: send it with “Content-Type: application/json”'
  return problem('unsupported_media_type', detail)
}

/** What curl's `-d '{…}'` sends, as it is or encoded, when nobody named the type. */
function isJsonInDisguise(text: string): boolean {
  if (!/^\s*(?:[{[]|%7B|%5B)/i.test(text)) return false
  if (isJsonText(text)) return true
  try {
    return isJsonText(decodeURIComponent(text.replaceAll('+', ' ').replace(/=$/, '')))
  } catch {
    return false
  }
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
