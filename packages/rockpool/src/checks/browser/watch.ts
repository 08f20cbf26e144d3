import type { BrowserContext } from 'playwright-core'
import { redactText, redactUrl } from '../redact.ts'
import type { FindingEntry } from '../types.ts'

/** More than these of one attempt are counted only. */
const limits = { findings: 100, text: 1_000, url: 2_000 } as const

type Found = Pick<FindingEntry, 'kind' | 'text' | 'url'>

/**
 * Tells what went wrong in the pages of a browser: errors on the console, errors that nobody caught, requests without an
 * answer or with 4xx or 5xx. None of it fails a check by itself. The same again is told once. `left`: one too many.
 */
export function watch(context: BrowserContext, found: (finding: Found) => void, left: () => void): void {
  const seen = new Set<string>()
  const tell = (kind: Found['kind'], text: string, url: string) => {
    const finding = {
      kind,
      text: redactText(text).slice(0, limits.text),
      url: redactUrl(url).slice(0, limits.url),
    }
    const key = JSON.stringify(finding)
    if (seen.has(key)) return
    if (seen.size >= limits.findings) return left()
    seen.add(key)
    found(finding)
  }
  context.on('console', (message) => {
    // What the browser itself says of a failed request is told as that request.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource:')) return
    tell('console', message.text(), message.location().url || (message.page()?.url() ?? ''))
  })
  context.on('weberror', (error) =>
    tell('console', `uncaught: ${error.error().message}`, error.page()?.url() ?? ''),
  )
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'it failed'
    // A navigation ends what the page before it was still loading.
    if (reason !== 'net::ERR_ABORTED') tell('request', `${request.method()}: ${reason}`, request.url())
  })
  context.on('response', (response) => {
    const { status, url } = { status: response.status(), url: response.url() }
    if (status >= 400) tell('request', `${response.request().method()}: ${status}`, url)
  })
}
