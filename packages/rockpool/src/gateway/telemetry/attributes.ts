/** A name and a value, as OTLP writes them in JSON (opentelemetry-proto, common.proto). */
export interface Attribute {
  key: string
  value: { stringValue: string } | { intValue: string } | { doubleValue: number }
}

/** What is null is left out. Pure. */
export function attributesOf(values: Readonly<Record<string, string | number | null>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: valueOf(value) }],
  )
}

function valueOf(value: string | number): Attribute['value'] {
  if (typeof value === 'string') return { stringValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
