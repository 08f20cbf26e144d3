import type { Json } from '../../types.ts'

/** Texts that stand for themselves without quotes, in YAML 1.1 and 1.2, on lines and between braces. */
const plain = /^[A-Za-z_][\w./+-]*(?: [\w./+-]+)*$/
const reserved = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** A value on one line. */
export function yamlFlow(value: Json): string {
  if (typeof value === 'string')
    return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(yamlFlow).join(', ')}]`
  const members = Object.entries(value).map(([name, inner]) => `${yamlFlow(name)}: ${yamlFlow(inner)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/**
 * A member on lines, without what they are indented by.
 * @param name null: an item of a list
 */
export function yamlLines(name: string | null, value: Json): string[] {
  const head = name === null ? '- ' : `${yamlFlow(name)}:`
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject || Object.keys(value).length === 0)
    return [name === null ? head + yamlFlow(value) : `${head} ${yamlFlow(value)}`]
  const inner = Object.entries(value).flatMap(([each, below]) => yamlLines(each, below))
  if (name !== null) return [head, ...inner.map((line) => `  ${line}`)]
  return inner.map((line, index) => (index === 0 ? head : '  ') + line)
}
