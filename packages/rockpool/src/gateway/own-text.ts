/** A text of its own. What was cut out of a longer one keeps that in memory: of what is kept, such as a path, that is a whole head. */
export function ownText(text: string): string {
  // UTF-8 has no form for half of a surrogate pair.
  return text.isWellFormed() ? Buffer.from(text).toString() : Buffer.from(text, 'utf16le').toString('utf16le')
}
