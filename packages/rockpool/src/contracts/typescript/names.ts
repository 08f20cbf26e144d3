/** A text as a literal of TypeScript, in the quotes that need fewer escapes. */
export function quoted(text: string): string {
  const singles = text.split("'").length
  const doubles = text.split('"').length
  const quote = singles > doubles ? '"' : "'"
  return quote + text.replace(special, (character) => escaped(character, quote)) + quote
}

// Quotes, backslashes, and what an editor would not show, or show elsewhere.
const special =
  /['"\\\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/gu

function escaped(character: string, quote: string): string {
  if (character === '\\') return '\\\\'
  if (character === "'" || character === '"') return character === quote ? `\\${quote}` : character
  if (character === '\n') return '\\n'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const identifier = /^[A-Za-z_$][\w$]*$/

/** A name as a member of a type: in quotes, unless it is an identifier. */
export function keyOf(name: string): string {
  return identifier.test(name) ? name : quoted(name)
}

/** A type may have this name, at the top of a module that `emitTypes` writes. */
export function isTypeName(name: string): boolean {
  return identifier.test(name) && !reserved.has(name)
}

/** ECMAScript 12.7.2 with its strict mode, the types that TypeScript has words for, and what the module itself declares. */
const reserved: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with yield ' +
    'implements interface let package private protected public static arguments eval ' +
    'any as asserts bigint boolean from infer is keyof never number object readonly string symbol undefined unique unknown ' +
    'paths webhooks components operations $defs'
  ).split(' '),
)
