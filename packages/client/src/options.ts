import { environmentFault, formFault } from './credential.ts'
import { ClientError } from './errors.ts'
import type { Finding } from './errors.ts'
import type { RetryRules } from './retry.ts'
import type { ClientOptions, Environment, RetryOptions } from './types.ts'

/** What a client keeps of its options, checked. */
export interface Settings {
  environment: Environment | null
  /** Without a slash at its end. */
  baseUrl: string
  timeoutMs: number
  /** Null: each call is made once. */
  retries: RetryRules | null
}

const bounds: Record<keyof RetryRules, { least: number; most: number; usual: number }> = {
  attempts: { least: 1, most: 10, usual: 3 },
  totalMs: { least: 1, most: 600_000, usual: 60_000 },
  baseMs: { least: 0, most: 60_000, usual: 200 },
  capMs: { least: 0, most: 600_000, usual: 5_000 },
}

/** Pure. @throws ClientError `invalid_options`, with all findings */
export function readOptions(options: ClientOptions): Settings {
  const findings: Finding[] = []
  const environment = readEnvironment(options.environment, findings)
  const baseUrl = readBaseUrl(options, environment, findings)
  const timeoutMs = readNumber(
    'timeoutMs',
    options.timeoutMs,
    { least: 1, most: 600_000, usual: 30_000 },
    findings,
  )
  const retries = options.retries === false ? null : readRetries(options.retries ?? {}, findings)
  const { credential } = options
  if (typeof credential === 'string') {
    const fault = formFault(credential) ?? environmentFault(credential, environment)
    if (fault !== null) findings.push({ path: 'credential', message: fault })
  }
  if (findings.length > 0)
    throw new ClientError('invalid_options', 'the client cannot be made like this', { findings })
  return { environment, baseUrl, timeoutMs, retries }
}

function readEnvironment(value: unknown, findings: Finding[]): Environment | null {
  if (value === 'production' || value === 'sandbox' || value === null) return value
  findings.push({
    path: 'environment',
    message: 'name it: "production" or "sandbox" (null for an API that has none); there is no default',
  })
  return null
}

function readBaseUrl(
  { baseUrl, baseUrls }: ClientOptions,
  environment: Environment | null,
  findings: Finding[],
): string {
  if (baseUrl !== undefined && baseUrls !== undefined)
    findings.push({ path: 'baseUrls', message: 'give baseUrl or baseUrls, not both' })
  const path =
    baseUrl === undefined && environment !== null && baseUrls ? `baseUrls.${environment}` : 'baseUrl'
  const text: unknown = baseUrl ?? (environment === null ? undefined : baseUrls?.[environment])
  if (typeof text !== 'string') {
    findings.push({ path, message: 'is missing' })
    return ''
  }
  // What stands in it is not said again: it may hold a password.
  const url = URL.parse?.(text) ?? parsed(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    findings.push({ path, message: 'has to be an absolute URL that begins with https:// or http://' })
  else if (url.username !== '' || url.password !== '')
    findings.push({ path, message: 'holds a user or a password: give a credential instead' })
  else if (url.search !== '' || url.hash !== '')
    findings.push({ path, message: 'has a query or a fragment, and paths are appended to it' })
  return text.replace(/\/+$/, '')
}

/** `URL.parse` came with Node 22. */
function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function readRetries(retries: RetryOptions, findings: Finding[]): RetryRules {
  const read = (name: keyof RetryRules) =>
    readNumber(`retries.${name}`, retries[name], bounds[name], findings)
  return {
    attempts: read('attempts'),
    totalMs: read('totalMs'),
    baseMs: read('baseMs'),
    capMs: read('capMs'),
  }
}

function readNumber(
  path: string,
  value: unknown,
  { least, most, usual }: { least: number; most: number; usual: number },
  findings: Finding[],
): number {
  if (value === undefined) return usual
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  findings.push({ path, message: `has to be a whole number from ${least} to ${most}` })
  return usual
}
