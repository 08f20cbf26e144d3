import { standsWhere } from '../source/origins.ts'
import type { Example, JsonObject } from '../types.ts'
import { objectOf, textOf } from './context.ts'
import type { Context } from './context.ts'

/** `example` and `examples` of a media type, a parameter or a header. */
export function readExamples({ documents, findings }: Context, holder: JsonObject): Example[] {
  const examples: Example[] = []
  if (Object.hasOwn(holder, 'example'))
    examples.push({ name: '', summary: null, description: null, value: documents.shown(holder, 'example') })
  const named = holder['examples']
  // Some write them as a schema does.
  if (Array.isArray(named)) {
    findings.warning(holder, 'examples are an object, each with a name', 'examples')
    named.forEach((value, index) =>
      examples.push({ name: String(index + 1), summary: null, description: null, value }),
    )
    return examples
  }
  const given = objectOf(holder, 'examples', findings)
  for (const name of Object.keys(given ?? {})) {
    const found = documents.resolve(given![name], given!, name)
    const example = found && readExample(found, name, { documents, findings })
    if (example !== undefined) examples.push(example)
  }
  return examples
}

const wordsOfExample = ['summary', 'description', 'value', 'externalValue', 'dataValue', 'serializedValue']

/** Undefined: it shows nothing. */
function readExample(
  given: JsonObject,
  name: string,
  { documents, findings }: Pick<Context, 'documents' | 'findings'>,
): Example | undefined {
  // Some write the value itself.
  const isValue = !wordsOfExample.some((word) => Object.hasOwn(given, word))
  if (isValue) {
    findings.warning(given, 'an example holds its value in “value”')
    return standsWhere({ name, summary: null, description: null, value: given }, given)
  }
  const example: Example = {
    name,
    summary: textOf(given, 'summary', findings),
    description: textOf(given, 'description', findings),
  }
  // OpenAPI 3.2 tells the value as data from how it is written.
  const written = ['dataValue', 'value'].find((word) => Object.hasOwn(given, word))
  const value = written === undefined ? undefined : documents.shown(given, written)
  if (value !== undefined) example.value = value
  else if (typeof given['serializedValue'] === 'string') example.value = given['serializedValue']
  if (typeof given['externalValue'] === 'string') example.externalValue = given['externalValue']
  if (example.value !== undefined || example.externalValue !== undefined) return standsWhere(example, given)
  return void findings.warning(given, 'an example must have a value: it is left out')
}
