import type { MediaType } from '../types.ts'
import { headerValues } from '../requests/index.ts'

interface Range {
  type: string
  subtype: string
  quality: number
}

/** What was chosen, by the values of `Accept` that it was chosen by: clients send few. */
const chosen = new WeakMap<readonly MediaType[], Map<string, MediaType | undefined>>()
const mostKept = 100

/**
 * The media type that is written, by `Accept` (RFC 9110 12.5.1). Null: there is nothing to write; undefined: nothing of what
 * there is is accepted. Of those that are accepted as gladly JSON comes first.
 */
export function chooseMedia(
  content: readonly MediaType[],
  headers: readonly string[],
): MediaType | null | undefined {
  if (content.length === 0) return null
  const accept = headerValues(headers, 'accept').join(', ')
  let kept = chosen.get(content)
  if (kept === undefined || kept.size >= mostKept) chosen.set(content, (kept = new Map()))
  if (!kept.has(accept)) kept.set(accept, choose(content, readRanges(accept)))
  return kept.get(accept)
}

function choose(content: readonly MediaType[], ranges: readonly Range[]): MediaType | undefined {
  const rated = content.map((media) => ({ media, quality: qualityOf(media.name, ranges) }))
  const best = rated
    .filter(({ quality }) => quality > 0)
    .toSorted(
      (one, other) => other.quality - one.quality || rankOf(one.media.name) - rankOf(other.media.name),
    )
  return best[0]?.media
}

export function isJson(name: string): boolean {
  const [type = ''] = name.toLowerCase().split(';')
  return /^application\/json$|\+json$|^\*\/\*$|^application\/\*$/.test(type.trim())
}

const rankOf = (name: string) => (isJson(name) ? 0 : 1)

function readRanges(value: string): Range[] {
  return value.split(',').flatMap((item) => {
    const [range = '', ...parameters] = item.split(';')
    const [type = '', subtype = ''] = range.trim().toLowerCase().split('/')
    if (type === '' || subtype === '') return []
    const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean)
    return [{ type, subtype, quality: q === undefined ? 1 : Number(q) || 0 }]
  })
}

/** The most specific range counts. */
function qualityOf(name: string, ranges: readonly Range[]): number {
  if (ranges.length === 0) return 1
  const [type = '', subtype = ''] = (name.toLowerCase().split(';')[0] ?? '').trim().split('/')
  const matches = (one: string, other: string) => one === '*' || other === '*' || one === other
  const fitting = ranges.filter((range) => matches(range.type, type) && matches(range.subtype, subtype))
  const specificity = (range: Range) => (range.type === '*' ? 0 : range.subtype === '*' ? 1 : 2)
  return fitting.toSorted((one, other) => specificity(other) - specificity(one))[0]?.quality ?? 0
}
