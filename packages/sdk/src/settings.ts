import { problem, type Finding } from './errors.ts'

/** What the agent tells a service process about itself, read from its environment variables. */
export interface Settings {
  service: string
  gatewayUrl: string
  jwksUrl: string
  credential: string
  /** The event types that the config lets this service consume. */
  consumes: readonly string[]
}

/** @throws Problem `settings_invalid`, with every finding in its message */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const findings: Finding[] = []
  const take = (name: string, accepts: (value: string) => boolean, wanted: string): string => {
    const value = environment[name] ?? ''
    if (!value) findings.push({ path: name, message: `is not set: ${wanted}` })
    // The value itself stays out of the message: one of them is a credential.
    else if (!accepts(value)) findings.push({ path: name, message: `is not ${wanted}` })
    return value
  }
  const settings: Settings = {
    service: take('ROCKPOOL_SERVICE', isServiceName, 'the name of this service in the config'),
    gatewayUrl: take('ROCKPOOL_GATEWAY_URL', isUrl, 'the URL of a gateway'),
    jwksUrl: take(
      'ROCKPOOL_JWKS_URL',
      isUrl,
      'the URL of the public keys (/.well-known/jwks.json of control)',
    ),
    credential: take('ROCKPOOL_SERVICE_CREDENTIAL', isCredential, 'a service credential (rp_service_…)'),
    consumes: (environment['ROCKPOOL_CONSUMES'] ?? '')
      .split(',')
      .map((type) => type.trim())
      .filter(Boolean),
  }
  if (findings.length > 0) {
    const list = findings.map(({ path, message }) => `  ${path} ${message}`).join('\n')
    const detail = `this process lacks what Rockpool gives to a service:\n${list}\nStart it with \`rockpool up\`, or set these yourself.`
    throw problem('settings_invalid', detail, { findings })
  }
  return settings
}

const isServiceName = (value: string): boolean => /^[a-z][a-z0-9-]{0,62}$/.test(value)
const isCredential = (value: string): boolean => /^rp_service_[A-Za-z0-9]+$/.test(value)
const isUrl = (value: string): boolean => /^https?:$/.test(URL.parse(value)?.protocol ?? '')
