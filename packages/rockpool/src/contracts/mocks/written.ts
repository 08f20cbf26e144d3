import type { Operation, Response } from '../types.ts'
import type { Preference } from './preference.ts'
import type { Content } from './state.ts'

/** One answer to be written. */
export interface Written {
  operation: Operation
  /** Of the request; names and values in turns. */
  headers: readonly string[]
  /** Of the path. */
  parameters: Readonly<Record<string, string>>
  organization: string
  preference: Preference
  response: Response
  status: number
  /** What is known of the resource; null: nothing is. */
  content: Content | null
}
