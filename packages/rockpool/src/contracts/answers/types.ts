/** One way in which an answer differs from its contract. */
export interface AnswerFinding {
  /** JSON pointer (RFC 6901) into the body; '' of the answer itself, or of the whole body. */
  pointer: string
  /**
   * Of the schema that is not kept to, such as `type`; or `status` (none such is declared), `contentType` (no such media type
   * is), `syntax` (it is no JSON), `undeclared` (a member that no schema speaks of).
   */
  keyword: string
  /** A text that stands where a schema lists all that may stand there, and is none of them. Other values are never told. */
  value?: string
}

/** An answer of one operation, as it came. */
export interface ReceivedAnswer {
  status: number
  /** Names and values in turns. */
  headers: readonly string[]
  /** Without its content coding; null: nothing is known of it. */
  body: Buffer | null
}
