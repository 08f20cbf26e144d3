import { request, type Agent, type IncomingHttpHeaders } from 'node:http'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
  json: Record<string, unknown>
}

export interface Call {
  method?: string
  headers?: Record<string, string | string[]> | string[]
  /** Sent one after the other, each after a pause of its own when there are several. */
  body?: readonly string[]
  agent?: Agent
}

/** One HTTP call that leaves header names exactly as they are given. */
export function call(
  url: string,
  { method = 'GET', headers = {}, body = [], agent }: Call = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      headers,
      ...(agent && { agent }),
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) }),
      )
    })
    void send()
    async function send(): Promise<void> {
      for (const [index, chunk] of body.entries()) {
        if (index > 0) await new Promise((next) => setTimeout(next, Math.random() * 4))
        outgoing.write(chunk)
      }
      outgoing.end()
    }
  })
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Looks again until the check holds; fails with its last error after the deadline. */
export async function until(check: () => unknown, deadlineMs = 5_000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    try {
      if ((await check()) !== false) return
      if (performance.now() > deadline) throw new Error('it did not become true in time')
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
