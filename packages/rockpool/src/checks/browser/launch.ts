import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { withCauses } from '../child/errors.ts'
import { Obstructed } from '../child/obstructed.ts'
import type { FoundPlace } from './host.ts'
import { trustArguments } from './trust.ts'

/** A browser says nothing to its maker's servers, asks nobody for updates, and draws without a graphics card. */
export const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface LaunchOptions {
  place: FoundPlace
  /** What relative addresses of the page are below. */
  origin: string
  timeoutMs: number
}

/**
 * Starts a Chromium with a fresh profile. It lives as long as this process at most: Playwright ends it with the pipe
 * between them, the kernel with the process (see home.ts).
 *
 * @throws Obstructed where it does not start, or the gateway shows a certificate that nobody trusts
 */
export async function launch({ place, origin, timeoutMs }: LaunchOptions): Promise<BrowserContext> {
  const { folder, launcher, sandbox } = place
  // A quarter of a second and 70 MB: only for checks that name `page`.
  const { chromium } = await import('playwright-core')
  const args = [...quiet, ...(await trustArguments(origin))]
  try {
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: launcher,
      chromiumSandbox: sandbox,
      args,
      baseURL: origin,
      artifactsDir: join(folder, 'artifacts'),
      tracesDir: join(folder, 'traces'),
      downloadsPath: join(folder, 'downloads'),
      // All that it keeps outside of its profile goes into the folder as well. It sees nothing else of our environment.
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        HOME: folder,
        TMPDIR: folder,
        ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
      },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: timeoutMs,
    })
    context.setDefaultTimeout(timeoutMs)
    return context
  } catch (error) {
    const said = whatItSaid(withCauses(error))
    throw new Obstructed(`the browser does not start: ${said}`, { retry: true })
  }
}

/** Playwright's message holds all that the browser was started with; what it wrote to stderr tells more. */
function whatItSaid(message: string): string {
  const lines = message.split('\n')
  const own = lines.flatMap((line) => /\[err\] (.*)/.exec(line)?.[1] ?? []).slice(0, 5)
  return (own.length > 0 ? own.join('; ') : lines[0]!).slice(0, 1_000)
}

/**
 * Exchanges a ticket at the gateway for the session's cookie, which belongs to the gateway's host alone. The page itself
 * never sees the ticket, and no header carries a credential: the browser would show it to everybody the page asks.
 *
 * @throws Obstructed where the gateway does not answer, or refuses
 */
export async function signIn(context: BrowserContext, gateway: string, ticket: string): Promise<void> {
  const target = new URL('/.rockpool/sign-in', gateway)
  target.searchParams.set('ticket', ticket)
  target.searchParams.set('to', '/')
  const answer = await context.request
    .get(target.href, { maxRedirects: 0, timeout: 10_000 })
    .catch((error: unknown) => {
      throw new Obstructed(`the gateway cannot be reached at ${target.origin}: ${withCauses(error)}`, {
        retry: true,
      })
    })
  const cookies = await context.cookies(gateway)
  if (answer.status() < 400 && cookies.some(({ name }) => name === 'rockpool_session')) return
  throw new Obstructed(`the browser cannot be signed in: the gateway answered ${answer.status()}`, {
    retry: true,
  })
}
