/* Small pieces of the TypeScript that is written for people: each as they would write it. */

/** `'it’s'` as one literal, in single quotes. */
export function quote(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)
  return `'${inner.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`)}'`
}

/** `.name`, or `['a name']`. */
export function access(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${quote(name)}]`
}

/** `name`, or `'a name'`, as a key of an object. */
export function key(name: string): string {
  return isIdentifier(name) ? name : quote(name)
}

/** A literal of JSON-like data, on one line where it is short. `raw`: expressions that stand for themselves. */
export function literal(value: unknown, indent = ''): string {
  if (value instanceof Code) return value.text
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null)
    return value === undefined ? 'undefined' : JSON.stringify(value)
  const isList = Array.isArray(value)
  const inner = `${indent}  `
  const parts = isList
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).map(
        ([name, item]) => `${name === '__proto__' ? "['__proto__']" : key(name)}: ${literal(item, inner)}`,
      )
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return open + close
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (line.length + indent.length <= 90 && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => `${inner}${part},`).join('\n')}\n${indent}${close}`
}

/** An expression inside of a literal. */
export class Code {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Text as a comment on one line. */
export function comment(text: string): string {
  return `// ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()}`
}

/** `Get the Thing!` → `get-the-thing`, at most 60 characters; for names of files. */
export function fileWord(text: string): string {
  const words = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  return words.join('-').slice(0, 60).replace(/-+$/, '')
}

const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name)
