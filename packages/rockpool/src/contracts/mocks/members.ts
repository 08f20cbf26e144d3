import { isObject, setMember } from '../json-object.ts'
import type { JsonObject } from '../types.ts'

/** Of a body that is an object; files are no part of an item. A copy. */
export function membersIn(body: unknown): JsonObject {
  if (!isObject(body) || Buffer.isBuffer(body)) return {}
  const members: JsonObject = {}
  for (const [name, value] of Object.entries(body)) if (!hasBytes(value)) setMember(members, name, value)
  return members
}

function hasBytes(value: unknown): boolean {
  if (Buffer.isBuffer(value)) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(hasBytes)
}
