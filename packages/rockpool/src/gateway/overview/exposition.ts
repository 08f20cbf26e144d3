/*
 * Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). A family is everything under one
 * name; its samples stand together, below its HELP and TYPE.
 */

export interface Sample {
  /** What follows the family's name, such as `_bucket`. */
  suffix?: string
  labels: Readonly<Record<string, string>>
  value: number
}

export interface Family {
  /** Of a counter it ends with `_total`. */
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  samples: readonly Sample[]
}

export const expositionType = { type: 'text/plain', parameters: 'version=0.0.4; charset=utf-8' } as const

/** Families without samples are left out. Pure. */
export function toExposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        ({ suffix = '', labels, value }) => `${name}${suffix}${labelsOf(labels)} ${numberOf(value)}\n`,
      )
      return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

/** A histogram's samples from the counts of its bands, which are not cumulative: one more than there are `bounds`. Pure. */
export function histogramOf(
  labels: Readonly<Record<string, string>>,
  { bounds, counts, sum }: { bounds: readonly number[]; counts: readonly number[]; sum: number },
): Sample[] {
  let total = 0
  const buckets = counts.map((count, band) => {
    total += count
    const le = bounds[band] === undefined ? '+Inf' : numberOf(bounds[band])
    return { suffix: '_bucket', labels: { ...labels, le }, value: total }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }]
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escape = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', ' ')

const numberOf = (value: number) =>
  Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'
