import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { messageOf } from './problem.ts'
import type { Finding } from './problem.ts'

/** Where a certificate is: PEM files. `cert` may hold the whole chain, the server's own first. */
export interface CertificateFiles {
  cert: string
  key: string
}

/** A certificate with its key, ready to be served. */
export interface Certificate {
  cert: string
  key: string
  /** ISO 8601. */
  endsAt: string
}

const maxBytes = 1024 * 1024

/**
 * Reads a certificate and its key, and says all that keeps them from being served: unreadable, no PEM, expired or not
 * valid yet, a key that does not fit or that others can read. Findings have the paths `cert` and `key`. Nothing of a key is
 * in any of them.
 */
export async function readCertificate(
  files: CertificateFiles,
  now = Date.now(),
): Promise<{ certificate: Certificate } | { findings: Finding[] }> {
  const findings: Finding[] = []
  const found = (path: keyof CertificateFiles, message: string) =>
    void findings.push({ path, message, file: files[path] })
  const [cert, key] = await Promise.all([read(files.cert), read(files.key)])

  if (cert.problem !== undefined) found('cert', cert.problem)
  const x509 = attempt(() => (cert.text === undefined ? undefined : new X509Certificate(cert.text)))
  if (cert.text !== undefined && !x509) found('cert', 'this is no certificate in PEM')
  if (x509 && Date.parse(x509.validTo) <= now) found('cert', `it expired on ${iso(x509.validTo)}`)
  if (x509 && Date.parse(x509.validFrom) > now) found('cert', `it is not valid before ${iso(x509.validFrom)}`)

  if (key.problem !== undefined) found('key', key.problem)
  if (key.mode !== undefined && (key.mode & 0o007) !== 0)
    found('key', `everybody on this machine may use it: chmod o= ${files.key}`)
  const privateKey = key.text === undefined ? undefined : readKey(key.text)
  if (typeof privateKey === 'string') found('key', privateKey)
  else if (x509 && privateKey && !x509.checkPrivateKey(privateKey))
    found('key', 'it is not the key of this certificate')

  if (findings.length > 0 || !x509 || cert.text === undefined || key.text === undefined) return { findings }
  try {
    // What OpenSSL will not serve, such as a key that is too short.
    createSecureContext({ cert: cert.text, key: key.text })
  } catch (error) {
    return { findings: [{ path: 'cert', message: `it cannot be served: ${messageOf(error)}` }] }
  }
  return { certificate: { cert: cert.text, key: key.text, endsAt: iso(x509.validTo) } }
}

interface Read {
  text?: string
  mode?: number
  problem?: string
}

async function read(path: string): Promise<Read> {
  try {
    await using file = await open(path)
    const { mode, size } = await file.stat()
    if (size > maxBytes) return { problem: 'it is larger than 1 MB' }
    return { text: await file.readFile('utf8'), mode }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { problem: code === 'ENOENT' ? `there is nothing at ${path}` : `it cannot be read: ${code}` }
  }
}

/** The key, or what is wrong with it. */
function readKey(text: string): KeyObject | string {
  if (/ENCRYPTED/.test(text)) return 'it is protected by a passphrase: give one that is not'
  return attempt(() => createPrivateKey(text)) ?? 'this is no private key in PEM'
}

const iso = (date: string): string => new Date(date).toISOString()

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
