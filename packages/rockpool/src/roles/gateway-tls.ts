import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { formatDuration, problem, readCertificate } from '../kernel/index.ts'
import type { Config, Finding } from '../kernel/index.ts'

const soonMs = 14 * 24 * 60 * 60_000

/**
 * Looks at the certificate that the gateway of an installation is to serve. `config_invalid` with all that is wrong:
 * what cannot be served, what is not for the configured origin, what none of our own processes would trust. Gives what
 * people should hear of it; undefined: it has none.
 */
export async function checkGatewayTls(
  config: Pick<Config, 'gateway' | 'installations' | 'file'>,
  installation: string,
  now: number,
): Promise<string | undefined> {
  const { tls } = config.gateway
  if (tls === undefined) return undefined
  const { protocol, hostname } = new URL(config.installations[installation]!.gateway)
  const findings: Finding[] = []
  const found = (path: string, message: string) => void findings.push({ path, message, file: config.file })
  if (protocol !== 'https:')
    found(
      `installations.${installation}.gateway`,
      'the gateway has a certificate (gateway.tls): write an https URL',
    )

  const reading = await readCertificate(tls, now)
  if ('findings' in reading)
    for (const { path, message } of reading.findings) found(`gateway.tls.${path}`, message)
  const served = 'certificate' in reading ? new X509Certificate(reading.certificate.cert) : undefined
  if (served && !isFor(served, hostname.replace(/^\[(.*)\]$/, '$1')))
    found(
      'gateway.tls.cert',
      `it is not for ${hostname}, but for ${served.subjectAltName ?? 'no host at all'}`,
    )

  if (tls.ca !== undefined) {
    const wrong = await authorityFault(tls.ca)
    if (wrong !== undefined) found('gateway.tls.ca', wrong)
  } else if (served && served.issuer === served.subject)
    found(
      'gateway.tls.ca',
      'the certificate is signed by itself: name it here too, or nothing here trusts it',
    )

  if (findings.length > 0 || !('certificate' in reading))
    throw problem('config_invalid', `the gateway cannot serve its certificate`, { findings })
  const { endsAt } = reading.certificate
  const leftMs = Date.parse(endsAt) - now
  return leftMs > soonMs
    ? `https until ${endsAt.slice(0, 10)}`
    : `https for ${formatDuration(leftMs)} only: renew its certificate`
}

function isFor(certificate: X509Certificate, host: string): boolean {
  if (isIP(host)) return certificate.checkIP(host) !== undefined
  // A name in the subject alone counts for nobody any more (RFC 9525 2).
  return certificate.checkHost(host, { subject: 'never' }) !== undefined
}

/** What is wrong with a file of authorities; undefined: nothing. */
async function authorityFault(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error)
  if (text instanceof Error)
    return text.code === 'ENOENT' ? `there is nothing at ${file}` : `it cannot be read: ${text.code}`
  try {
    return void new X509Certificate(text)
  } catch {
    return 'this is no certificate in PEM'
  }
}
