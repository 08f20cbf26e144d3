/** A text of its own. What was cut out of a longer one keeps that in memory: of what is kept, such as a path, that is a whole head. */
export function ownText(text: string): string {
  return Buffer.from(text).toString()
}
