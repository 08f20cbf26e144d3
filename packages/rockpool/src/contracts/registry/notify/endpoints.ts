import type { Finding, Secret } from '../../../kernel/index.ts'
import { createCipher } from '../../../secrets/index.ts'
import { isFetchable } from '../../remote/origins.ts'
import type { Endpoint } from './types.ts'

/** Where watchers may be told, and what is known of where they are. */
export interface Endpoints {
  /** All that forbids an address; none: it may be told there. Nothing of its query is repeated. */
  findings(url: string): Finding[]
  /** Encrypts it for this watcher: what was moved to another one does not open. */
  seal(watcher: string, endpoint: Endpoint): Buffer
  /** Undefined: it was sealed under another installation’s secret, or was changed. */
  open(watcher: string, sealed: Buffer): Endpoint | undefined
}

/** @param options `origins`: `contracts.notify` of the configuration; whatever a member asks for, nothing is sent elsewhere */
export function createEndpoints(options: {
  origins: readonly string[]
  secret: Pick<Secret, 'derive'>
}): Endpoints {
  const origins = new Set(options.origins)
  const cipher = createCipher(options.secret, 'contracts/endpoints')
  return {
    findings: (url) => addressFindings(url, origins),
    seal: (watcher, endpoint) => cipher.seal(watcher, JSON.stringify(endpoint)),
    open(watcher, sealed) {
      const text = cipher.open(watcher, sealed)
      return text === undefined ? undefined : (JSON.parse(text) as Endpoint)
    },
  }
}

/** For who sends nothing. */
export const nowhere: Endpoints = {
  findings: (url) => addressFindings(url, new Set()),
  seal() {
    throw new Error('no address passes: there is nothing to seal')
  },
  open: () => undefined,
}

/** Pure. */
export function addressFindings(address: string, origins: ReadonlySet<string>): Finding[] {
  const url = URL.parse(address)
  const message = url === null ? 'is no URL' : faultOf(url, origins)
  return message === undefined ? [] : [{ path: 'to', message }]
}

function faultOf(url: URL, origins: ReadonlySet<string>): string | undefined {
  if (url.username !== '' || url.password !== '') return 'has a user or password: write it without'
  if (url.hash !== '') return 'has a #, which no server sees: write it without'
  if (!isFetchable(url)) return 'has to begin with https:// (http:// for this machine alone)'
  if (origins.has(url.origin)) return undefined
  return `nothing is sent to ${url.origin} unless rockpool.config.ts names it: contracts: { notify: ['${url.origin}'] }`
}

/** An address as it is shown: what stands in a query may be a credential. Pure. */
export function shownAddress(address: string): string {
  const { origin, pathname, search } = new URL(address)
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}
