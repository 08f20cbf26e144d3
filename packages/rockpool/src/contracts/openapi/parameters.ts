import { standsWhere } from '../source/origins.ts'
import type { JsonObject, Parameter, ParameterPlace, ParameterStyle, Schema } from '../types.ts'
import { readExamples } from './examples.ts'
import { extensionsOf, flagOf, listOf, objectOf, textOf } from './context.ts'
import type { Context } from './context.ts'

const styles: Readonly<Record<ParameterPlace, readonly ParameterStyle[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  querystring: ['form'],
}

/** How the place `querystring` of OpenAPI 3.2 is kept in 3.1. */
const keptPlace = 'x-rockpool-in'

/** The parameters of an operation: its own, and those of its path that it does not name anew; and bodies among them. */
export function readParameters(
  context: Context,
  operation: JsonObject,
  item: JsonObject,
): { parameters: Parameter[]; bodies: JsonObject[] } {
  const byName = new Map<string, Parameter>()
  const bodies: JsonObject[] = []
  for (const holder of [item, operation]) {
    const own = new Set<string>()
    const given = parametersIn(context, holder)
    bodies.push(...given.filter(isBody))
    for (const parameter of given.flatMap((one) => readParameter(context, one) ?? [])) {
      const name = `${parameter.in} ${parameter.name}`
      if (own.has(name)) {
        context.findings.warning(
          parameter,
          `there is another parameter ${parameter.name} in ${parameter.in}: the first one counts`,
        )
        continue
      }
      own.add(name)
      byName.set(name, parameter)
    }
  }
  return { parameters: [...byName.values()], bodies }
}

function parametersIn({ documents, findings, budget }: Context, holder: JsonObject): JsonObject[] {
  const list = listOf(holder, 'parameters', findings)
  if (!budget.spend(list.length, list)) return []
  return list.flatMap((value, index) => {
    const given = documents.resolve(value, list, index)
    return given === undefined ? [] : [given]
  })
}

/** As OpenAPI 2.0 has it. */
const isBody = (given: JsonObject): boolean => given['in'] === 'body'

function readParameter(context: Context, given: JsonObject): Parameter | undefined {
  if (isBody(given)) return undefined
  const { findings } = context
  const { name } = given
  const place = given[keptPlace] ?? given['in']
  if (typeof name !== 'string' || name === '')
    return void findings.error(given, 'a parameter must have a name', 'name')
  if (place === 'formData')
    return void findings.error(
      given,
      `the parameter ${name} is in formData, as in OpenAPI 2.0: write it as the requestBody`,
      'in',
    )
  if (typeof place !== 'string' || !Object.hasOwn(styles, place))
    return void findings.error(
      given,
      `the parameter ${name} must say in: ${Object.keys(styles).join(', ')}`,
      'in',
    )
  if (place === 'header' && isNoParameter(name))
    return void findings.warning(given, `the header ${name} is no parameter: it is left out`, 'name')
  const parameter = fill(context, given, name, place as ParameterPlace)
  if (place !== 'path' || parameter.required) return parameter
  findings.warning(given, `the path parameter ${name} must say required: true`, 'required')
  return standsWhere({ ...parameter, required: true }, given)
}

/** Headers of whom RFC 9110 tells what they say (OpenAPI 3.1, 4.8.12.2.1). */
export const isNoParameter = (name: string): boolean => /^(?:accept|content-type|authorization)$/i.test(name)

export function readHeader(context: Context, given: JsonObject, name: string): Parameter {
  return fill(context, given, name, 'header')
}

function fill(context: Context, whole: JsonObject, name: string, place: ParameterPlace): Parameter {
  const { documents, findings } = context
  const given = documents.followed(whole, 'content', 'examples')
  const style = readStyle(context, given, place)
  const written = contentOf(context, given)
  return standsWhere(
    {
      name,
      in: place,
      description: textOf(given, 'description', findings),
      required: flagOf(given, 'required', findings),
      deprecated: flagOf(given, 'deprecated', findings),
      allowEmptyValue: flagOf(given, 'allowEmptyValue', findings),
      style,
      explode: flagOf(given, 'explode', findings, style === 'form' || style === 'cookie'),
      allowReserved: flagOf(given, 'allowReserved', findings),
      schema: written?.schema ?? schemaOf(context, given, name),
      mediaType: written?.mediaType ?? null,
      examples: readExamples(context, written?.holder ?? given),
      extensions: extensionsOf(given, keptPlace),
    },
    given,
  )
}

const besideSchema = new Set(
  'name in description required deprecated allowEmptyValue style explode allowReserved example examples content'.split(
    ' ',
  ),
)

/** Some say the type beside the name, as OpenAPI 2.0 has it. */
function schemaOf({ schemas, findings }: Context, given: JsonObject, name: string): Schema {
  if (Object.hasOwn(given, 'schema') || !Object.hasOwn(given, 'type')) return schemas.read(given, 'schema')
  findings.warning(given, `since OpenAPI 3.0 the type of ${name} stands in its schema`, 'type')
  const own = Object.entries(given).filter(([key]) => !besideSchema.has(key) && !key.startsWith('x-'))
  return schemas.readNode(standsWhere<JsonObject>(Object.fromEntries(own), given))
}

function readStyle({ findings }: Context, given: JsonObject, place: ParameterPlace): ParameterStyle {
  const known = styles[place]
  const style = given['style']
  if (style === undefined) return known[0]!
  const found = known.find((one) => one === style)
  if (found !== undefined) return found
  findings.warning(given, `style must be ${known.join(' or ')} in ${place}: it is left out`, 'style')
  return known[0]!
}

/** A parameter whose value is a document of its own, such as JSON in a query. */
function contentOf(
  { schemas, documents, findings }: Context,
  given: JsonObject,
): { schema: Schema; mediaType: string; holder: JsonObject } | undefined {
  const content = objectOf(given, 'content', findings)
  const [mediaType, ...more] = Object.keys(content ?? {})
  if (content === null || mediaType === undefined) return undefined
  if (more.length > 0)
    findings.warning(given, 'content of a parameter has one media type: the first counts', 'content')
  const holder = documents.resolve(content[mediaType], content, mediaType)
  return holder && { schema: schemas.read(holder, 'schema'), mediaType, holder }
}
