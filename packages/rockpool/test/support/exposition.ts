/*
 * A strict reader of Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): whatever promtool
 * or a scrape would take exception to throws, with the line.
 */

export interface ReadSample {
  name: string
  labels: Record<string, string>
  value: number
}

export interface ReadFamily {
  type: string
  help: string
  samples: ReadSample[]
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

export function readExposition(text: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>()
  const seen = new Set<string>()
  let current: { name: string; help?: string; family?: ReadFamily } | undefined
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  for (const line of text.slice(0, -1).split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`)
    }
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      if (!metricName.test(name)) fail('no name of a metric')
      if (families.has(name)) fail('the family stands in two places')
      if (/\\(?![\\n])/.test(rest)) fail('an escape that is none')
      current = { name, help: rest }
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current.help === undefined) fail('TYPE without its HELP')
      if (!['counter', 'gauge', 'histogram'].includes(rest)) fail('an unknown type')
      if ((rest === 'counter') !== name.endsWith('_total')) fail('counters alone end with _total')
      current!.family = { type: rest, help: current!.help!, samples: [] }
      families.set(name, current!.family)
    } else {
      if (line.startsWith('#') || line === '') fail('neither a sample nor about one')
      const sample = readSample(line, fail)
      const { family, name: base } = current ?? {}
      if (!family || base === undefined) return fail('a sample without its TYPE')
      const names =
        family.type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => base + suffix) : [base]
      if (!names.includes(sample.name)) fail('a sample of another family')
      const id = `${sample.name} ${idOf(sample.labels)}`
      if (seen.has(id)) fail('the same series twice')
      seen.add(id)
      if (family.type !== 'gauge' && !(sample.value >= 0)) fail('a counter below nothing')
      family.samples.push(sample)
    }
  }
  for (const [name, family] of families) {
    if (family.samples.length === 0) throw new Error(`${name} has no samples`)
    if (family.type === 'histogram') checkHistogram(name, family.samples)
  }
  return families
}

function readSample(line: string, fail: (why: string) => never): ReadSample {
  const [, name = '', inside, number = ''] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? fail('no sample')
  if (!metricName.test(name)) fail('no name of a metric')
  const labels: Record<string, string> = {}
  let rest = inside ?? ''
  while (rest !== '') {
    const [whole, label = '', value = ''] =
      /^([^=]+)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/.exec(rest) ?? fail('no labels')
    if (!labelName.test(label)) fail('no name of a label')
    if (label in labels) fail('a label twice')
    labels[label] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    rest = rest.slice(whole.length)
  }
  if (!/^([+-]?Inf|NaN|-?\d+(\.\d+)?(e[+-]?\d+)?)$/.test(number)) fail('no number')
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) }
}

/** Buckets rise with `le` up to +Inf, which is all; each series has its sum and its count. */
function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const seriesOf = (labels: Record<string, string>) =>
    idOf(Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'le')))
  for (const [series, group] of Map.groupBy(samples, ({ labels }) => seriesOf(labels))) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels }) => Number(labels['le']!.replace('Inf', 'Infinity')))
    const rising = (numbers: readonly number[], strictly: boolean) =>
      numbers.every(
        (number, at) => at === 0 || (strictly ? number > numbers[at - 1]! : number >= numbers[at - 1]!),
      )
    const counts = buckets.map(({ value }) => value)
    const count = group.find((sample) => sample.name === `${name}_count`)
    const sum = group.find((sample) => sample.name === `${name}_sum`)
    if (!sum || !count || bounds.at(-1) !== Infinity || counts.at(-1) !== count.value)
      throw new Error(`${name}${series} lacks its sum, its count or its last bucket`)
    if (!rising(bounds, true) || !rising(counts, false)) throw new Error(`${name}${series} does not rise`)
  }
}

/** The same for the same labels, in whatever order they stand. */
function idOf(labels: Record<string, string>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
