import type { AccessRecord } from './access-record.ts'
import { ownText } from './own-text.ts'

/*
 *   {"time":…,"request":…,"trace":…,  "method":…,"path":…,"service":…,"release":…,"upstream":…,  "status":…,
 *   └ one text per millisecond        └ ready made, by route and address
 *
 *   "organization":… to "caller":…,   "bytesIn":… to "stripped":…}
 *   └ ready made, by who calls        └ numbers, and what is null most times
 */

/** Writes records as lines of the access log. */
export interface Lines {
  /** To the letter what `JSON.stringify` gives, and its newline. */
  toLine(record: AccessRecord): string
  /** Texts that are ready made; a bounded number, whatever clients make up. */
  kept(): number
}

/** Members that come again and again, and what stands for them in a line. */
type ReadyMade<Values> = Values & {
  text: string
  /** Another one under the same key. */
  next: ReadyMade<Values> | undefined
}

interface Shelf<Values> {
  first(key: string | null): ReadyMade<Values> | undefined
  /** Gives the text back. */
  keep(key: string | null, values: Values, text: string): string
  size(): number
}

type Where = Pick<AccessRecord, 'method' | 'path' | 'service' | 'release' | 'upstream'>
type Who = Pick<
  AccessRecord,
  'organization' | 'parent' | 'environment' | 'actor' | 'run' | 'credential' | 'caller'
>

/** So many are kept on a shelf, and so many under one key; then all of them make room for new ones. */
const mostKept = 4_096
const mostOfOne = 32

/** Of ids as the gateway makes them, and of times: nothing in them has to be escaped. */
const plainId = /^[\w-]*$/
const plainTime = /^[\d:.TZ+-]+$/

/**
 * What is the same for many calls is written once, and the rest put between: under half of what `JSON.stringify` costs. A
 * record with anything unusual in its times, ids and numbers is left to that.
 */
export function createLines(): Lines {
  const wheres = createShelf<Where>()
  const whos = createShelf<Who>()
  let time: string | undefined
  let head: string | null = null

  function whereOf(record: AccessRecord): string {
    const { method, path, service, release, upstream } = record
    for (let kept = wheres.first(path); kept !== undefined; kept = kept.next)
      if (
        kept.method === method &&
        kept.upstream === upstream &&
        kept.service === service &&
        kept.release === release
      )
        return kept.text
    const where = { method: ownText(method), path, service, release, upstream }
    return wheres.keep(path, where, `",${membersOf(where)},"status":`)
  }

  function whoOf(record: AccessRecord): string {
    const { organization, parent, environment, actor, run, credential, caller } = record
    // A service acts for everybody.
    const key = caller === null && credential !== null ? credential : organization
    for (let kept = whos.first(key); kept !== undefined; kept = kept.next)
      if (
        kept.credential === credential &&
        kept.organization === organization &&
        kept.actor === actor &&
        kept.run === run &&
        kept.caller === caller &&
        kept.parent === parent &&
        kept.environment === environment
      )
        return kept.text
    const who = { organization, parent, environment, actor, run, credential, caller }
    return whos.keep(key, who, `,${membersOf(who)},"bytesIn":`)
  }

  return {
    toLine(record) {
      if (record.time !== time) {
        time = record.time
        head = plainTime.test(time) ? `{"time":"${time}","request":"` : null
      }
      const { request, trace, status, bytesIn, bytesOut, ms, upstreamMs } = record
      if (head === null || !plainId.test(request) || !plainId.test(trace) || !areFinite(record))
        return `${JSON.stringify(record)}\n`
      return `${head}${request}","trace":"${trace}${whereOf(record)}${status}${whoOf(record)}${bytesIn},"bytesOut":${bytesOut},"ms":${ms}${untilAsked(record)}${upstreamMs}${endOf(record)}`
    },
    kept: () => wheres.size() + whos.size(),
  }
}

function createShelf<Values>(): Shelf<Values> {
  const chains = new Map<string | null, ReadyMade<Values>>()
  let size = 0

  return {
    first: (key) => chains.get(key),
    keep(key, values, text) {
      if (size >= mostKept) {
        chains.clear()
        size = 0
      }
      const next = chains.get(key)
      let length = 0
      for (let at = next; at !== undefined; at = at.next) length += 1
      const isLong = length >= mostOfOne
      chains.set(key, { ...values, text, next: isLong ? undefined : next })
      size += isLong ? 1 - length : 1
      return text
    },
    size: () => size,
  }
}

/** Other numbers are none in JSON. */
const areFinite = (record: AccessRecord) => {
  const { status, bytesIn, bytesOut, ms, decideMs, connectMs, upstreamMs, retries, stripped } = record
  const parts = (decideMs ?? 0) + (connectMs ?? 0) + (upstreamMs ?? 0)
  return Number.isFinite((status ?? 0) + bytesIn + bytesOut + ms + parts + retries + stripped)
}

const membersOf = (values: Where | Who) => JSON.stringify(values).slice(1, -1)

/** Of most calls it is no time at all. */
function untilAsked({ decideMs, connectMs }: AccessRecord): string {
  if (decideMs === 0 && connectMs === 0) return ',"decideMs":0,"connectMs":0,"upstreamMs":'
  return `,"decideMs":${decideMs},"connectMs":${connectMs},"upstreamMs":`
}

function endOf({ retries, refused, aborted, stripped, fault, contract }: AccessRecord): string {
  const isPlain = fault === undefined && contract === undefined
  if (retries === 0 && refused === null && aborted === null && stripped === 0 && isPlain)
    return ',"retries":0,"refused":null,"aborted":null,"stripped":0}\n'
  const met =
    (fault === undefined ? '' : `,"fault":${JSON.stringify(fault)}`) +
    (contract === undefined ? '' : `,"contract":${JSON.stringify(contract)}`)
  return `,"retries":${retries},"refused":${JSON.stringify(refused)},"aborted":${JSON.stringify(aborted)},"stripped":${stripped}${met}}\n`
}
