/*
 * Foreign text on a terminal or in a report: its escapes are shown, never obeyed. Besides the control characters these
 * are the ones that turn the direction of text round (Unicode TR 36, "bidirectional text spoofing"), and line separators.
 */

const unprintable = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', // C0 but tab and line feed, DEL, C1
    '[\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ufffe\\uffff]',
    '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]', // half a character
  ].join('|'),
  'g',
)

/** Text that is safe to print; lines and tabs stay. ESC becomes `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The same on one line, at most `length` characters. */
export function oneLine(text: string, length = 400): string {
  const line = printable(text.replaceAll(/\s*\r?\n\s*/g, ' ⏎ ').replaceAll('\t', ' '))
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
