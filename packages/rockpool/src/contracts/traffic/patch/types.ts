import type { Json } from '../../types.ts'

/** Something that a document gets more. Nothing is ever taken away or changed. */
export interface Addition {
  file: string
  /** JSON pointer (RFC 6901) of an object or a list of the document. */
  at: string
  /** Names below it; those that are not there are made. The last one is that of what is added; `-`: it becomes the last item. */
  names: string[]
  value: Json
}

/** RFC 6902, 4.1. */
export interface AddOperation {
  op: 'add'
  path: string
  value: Json
}
