import { stat } from 'node:fs/promises'
import { readCertificate } from '../../../kernel/index.ts'
import type { Certificate, CertificateFiles, Log } from '../../../kernel/index.ts'

export interface CertificateWatch {
  close(): void
}

/**
 * Looks every `everyMs` whether the files of a certificate changed, and hands over what is in them once it is valid. A
 * pair that is not is told in the log, once, and changes nothing: between the two writes of a renewal the key and the
 * certificate do not fit.
 */
export function watchCertificate(
  files: CertificateFiles,
  options: { everyMs: number; log: Log; onChange: (certificate: Certificate) => void },
): CertificateWatch {
  const { everyMs, log, onChange } = options
  let last: string | undefined
  let looking = false

  async function look(): Promise<void> {
    const state = await stateOf(files)
    if (last === undefined || state === last) return void (last = state)
    last = state
    const read = await readCertificate(files)
    if ('findings' in read)
      return log.warn({ findings: read.findings }, 'the new certificate is refused: the one before goes on')
    onChange(read.certificate)
    log.info({ endsAt: read.certificate.endsAt }, 'a new certificate is served')
  }

  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => (looking = false))
  }, everyMs).unref()
  void look()
  return { close: () => clearInterval(timer) }
}

/** Changes whenever one of the files is written, replaced, or another one is linked in its place. */
async function stateOf({ cert, key }: CertificateFiles): Promise<string> {
  const states = await Promise.all(
    [cert, key].map((file) =>
      stat(file, { bigint: true }).then(
        ({ ino, size, mtimeNs, mode }) => `${ino} ${size} ${mtimeNs} ${mode}`,
        () => 'none',
      ),
    ),
  )
  return states.join('; ')
}
