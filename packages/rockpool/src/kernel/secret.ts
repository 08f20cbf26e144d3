import { createHmac, randomBytes } from 'node:crypto'
import { chmod, link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from './problem.ts'

/** The installation's one secret, from which passwords of database roles and tokens of processes are derived. */
export interface Secret {
  /** HMAC-SHA-256 of the label, base64url, 43 characters. The same label always gives the same value. */
  derive(label: string): string
  /** The secret itself, base64url, for the environment of Rockpool's own processes alone. */
  readonly text: string
}

export function secretFrom(bytes: Buffer): Secret {
  if (bytes.length < 32) throw problem('invalid_input', 'the installation secret must have at least 32 bytes')
  return {
    text: bytes.toString('base64url'),
    derive: (label) => createHmac('sha256', bytes).update(label).digest('base64url'),
  }
}

/**
 * The secret of the environment variable ROCKPOOL_SECRET (base64url), or else of the file `secret` (mode 0600) in the
 * data folder, which is made at the first start. Two processes that start at once agree: a hard link is made once.
 */
export async function loadSecret(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Secret> {
  const given = environment['ROCKPOOL_SECRET']
  if (given) return secretFrom(Buffer.from(given, 'base64url'))
  const file = join(folder, 'secret')
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    return secretFrom(Buffer.from(await readFile(file, 'utf8'), 'base64url'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600 })
  try {
    await chmod(draft, 0o600)
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return secretFrom(Buffer.from(await readFile(file, 'utf8'), 'base64url'))
}
