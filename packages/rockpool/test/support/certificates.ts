import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate of its own authority for 127.0.0.1 and localhost, made by openssl: its files, and what trusts it. */
export interface TestCertificate {
  cert: string
  key: string
  /** The text of the certificate. */
  ca: string
}

/** The key is for its owner alone. */
export function makeCertificate(folder: string, name = 'server'): TestCertificate {
  const cert = join(folder, `${name}.crt`)
  const key = join(folder, `${name}.key`)
  const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  execFileSync(
    'openssl',
    ['req', '-x509', ...algorithm, ...names, '-days', '2', '-keyout', key, '-out', cert],
    { stdio: 'pipe' },
  )
  chmodSync(key, 0o600)
  return { cert, key, ca: readFileSync(cert, 'utf8') }
}
