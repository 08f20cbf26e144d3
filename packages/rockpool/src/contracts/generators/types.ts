/*
 * The vocabulary: another generator, its document, its files.
 *
 *   contract ─► OpenAPI 3.1, as JSON ─┬─► a command: stdin, or the file {input}; it writes to the folder {output}
 *                                     └─► an address: the body of a POST; it answers { files: { path: text } }
 */

export interface GeneratorRun {
  /** OpenAPI 3.1, as JSON. */
  document: string
  /** Where its files belong. */
  folder: string
  timeoutMs: number
}
