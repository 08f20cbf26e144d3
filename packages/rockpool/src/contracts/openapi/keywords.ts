/** What the value of a keyword of JSON Schema is. */
export type KeywordKind =
  | 'schema'
  | 'schemas'
  | 'schema map'
  | 'number'
  | 'count'
  | 'text'
  | 'flag'
  | 'texts'
  | 'text lists'
  | 'any'
  | 'object'
  /** Read by a function of its own. */
  | 'special'
  /** Says nothing about values; left out. */
  | 'dropped'

/** Every keyword that is understood, of every dialect (JSON Schema 2020-12, OpenAPI 2.0 to 3.2). */
export const keywords: ReadonlyMap<string, KeywordKind> = new Map<string, KeywordKind>([
  ['$ref', 'special'],
  ['$dynamicRef', 'special'],
  ['type', 'special'],
  ['nullable', 'special'],
  ['enum', 'special'],
  ['required', 'special'],
  ['items', 'special'],
  ['additionalItems', 'special'],
  ['minimum', 'special'],
  ['maximum', 'special'],
  ['exclusiveMinimum', 'special'],
  ['exclusiveMaximum', 'special'],
  ['example', 'special'],
  ['examples', 'special'],
  ['discriminator', 'special'],
  ['dependencies', 'special'],

  ['const', 'any'],
  ['default', 'any'],
  ['format', 'text'],
  ['title', 'text'],
  ['description', 'text'],
  ['$comment', 'text'],
  ['deprecated', 'flag'],
  ['readOnly', 'flag'],
  ['writeOnly', 'flag'],
  ['multipleOf', 'number'],
  ['minLength', 'count'],
  ['maxLength', 'count'],
  ['pattern', 'text'],
  ['contentEncoding', 'text'],
  ['contentMediaType', 'text'],
  ['contentSchema', 'schema'],
  ['prefixItems', 'schemas'],
  ['contains', 'schema'],
  ['minContains', 'count'],
  ['maxContains', 'count'],
  ['minItems', 'count'],
  ['maxItems', 'count'],
  ['uniqueItems', 'flag'],
  ['unevaluatedItems', 'schema'],
  ['properties', 'schema map'],
  ['patternProperties', 'schema map'],
  ['additionalProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['dependentRequired', 'text lists'],
  ['dependentSchemas', 'schema map'],
  ['minProperties', 'count'],
  ['maxProperties', 'count'],
  ['unevaluatedProperties', 'schema'],
  ['allOf', 'schemas'],
  ['anyOf', 'schemas'],
  ['oneOf', 'schemas'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
  ['xml', 'object'],
  ['externalDocs', 'object'],

  ['$id', 'dropped'],
  ['id', 'dropped'],
  ['$schema', 'dropped'],
  ['$defs', 'dropped'],
  ['definitions', 'dropped'],
  ['$anchor', 'dropped'],
  ['$dynamicAnchor', 'dropped'],
  ['$vocabulary', 'dropped'],
  // Of parameters that are their own schema (OpenAPI 2.0).
  ['collectionFormat', 'dropped'],
  ['allowEmptyValue', 'dropped'],
])
