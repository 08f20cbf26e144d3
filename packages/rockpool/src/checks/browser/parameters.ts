/**
 * The names that a function takes out of its first parameter: `async ({ page, api: shop, ...rest }) => …` gives
 * `page`, `api`. By it a check says that it wants a browser, before it runs; a check that does not name `page` never
 * pays for one. Undefined where the parameter is no such pattern. Pure.
 */
export function parameterNames(body: (...args: never[]) => unknown): string[] | undefined {
  const text = withoutComments(Function.prototype.toString.call(body))
  const start = text.indexOf('(')
  if (start < 0 || !/^\s*\{/.test(text.slice(start + 1))) return undefined
  const names: string[] = []
  let depth = 0
  let isKey = false
  for (let at = text.indexOf('{', start); at < text.length; at++) {
    const rest = text.slice(at)
    const string = /^(['"`])(?:\\.|(?!\1)[^\\])*\1/s.exec(rest)?.[0]
    const key = isKey ? (/^\s*([\w$]+)/.exec(rest)?.[1] ?? /^\s*(['"])(.*?)\1/.exec(rest)?.[2]) : undefined
    if (key !== undefined) names.push(key)
    isKey = false
    if (string) at += string.length - 1
    else if (/^[{[(]/.test(rest)) isKey = ++depth === 1
    else if (/^[}\])]/.test(rest) && --depth === 0) return names
    else if (depth === 1 && rest.startsWith(',')) isKey = true
  }
  return names
}

/** Comments become spaces; what looks like one inside a string stays. */
function withoutComments(text: string): string {
  return text.replaceAll(/(['"`])(?:\\.|(?!\1)[^\\])*\1|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (found) =>
    found.startsWith('/') ? ' ' : found,
  )
}
