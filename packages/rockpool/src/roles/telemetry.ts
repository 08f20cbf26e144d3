import { problem } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'

/*
 * Where the gateway tells its telemetry, from whoever starts it:
 *
 *   ROCKPOOL_TELEMETRY           the endpoint of the collector and the rules of sampling, as JSON; none is told without it
 *   OTEL_EXPORTER_OTLP_HEADERS   headers for the collector, as OpenTelemetry writes them: key=value,key=value. Its keys
 *                                are secrets: they are taken out of the environment
 */

const settingsVariable = 'ROCKPOOL_TELEMETRY'
const headersVariable = 'OTEL_EXPORTER_OTLP_HEADERS'

type Configured = NonNullable<Config['gateway']['telemetry']>

export type Telemetry = { endpoint: string; headers: Record<string, string>; rules: Configured['traces'] }

/** For the gateway's process; nothing where nothing is configured. */
export function telemetryVariables(
  telemetry: Configured | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  if (telemetry === undefined) return {}
  const headers = environment[headersVariable]
  return {
    [settingsVariable]: JSON.stringify(telemetry),
    ...(headers ? { [headersVariable]: headers } : {}),
  }
}

/** The other side. `invalid_input` for headers that are none; what they say is not told. */
export function takeTelemetry(environment: NodeJS.ProcessEnv = process.env): Telemetry | undefined {
  const text = environment[settingsVariable]
  const headers = environment[headersVariable] ?? ''
  delete environment[headersVariable]
  if (!text) return undefined
  const { endpoint, traces } = JSON.parse(text) as Configured
  return { endpoint, headers: readHeaders(headers), rules: traces }
}

/** As W3C baggage: names and percent-encoded values (opentelemetry.io/docs/specs/otel/protocol/exporter). */
function readHeaders(text: string): Record<string, string> {
  const read: [string, string][] = []
  for (const [index, pair] of text.split(',').entries()) {
    if (pair.trim() === '') continue
    const [, name, value] = /^\s*([!#$%&'*+\-.^_`|~\w]+)\s*=\s*(\S.*?)\s*$/.exec(pair) ?? []
    const decoded = value === undefined ? undefined : decode(value)
    if (name === undefined || decoded === undefined || !/^[\t\x20-\x7e]*$/.test(decoded))
      throw problem(
        'invalid_input',
        `${headersVariable}: what stands at place ${index + 1} is no key=value with a percent-encoded value`,
      )
    read.push([name, decoded])
  }
  return Object.fromEntries(read)
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
