import type { PublicKey } from '@rockpool/sdk/wire'
import type { UsageShipment } from '../contracts/light.ts'
import { problem } from '../kernel/index.ts'
import type { LeaseAnswer, Lender } from './budgets/types.ts'
import { maxContractBytes } from './judging/address.ts'
import type { ContractSource } from './judging/types.ts'
import { createHttpClient } from './http-client.ts'
import type { Session } from './sign-in.ts'
import type { Shipment } from './traffic/types.ts'
import type { GatewayReport, LedgerEntry, StreamMessage } from './types.ts'

/** What a gateway says to control. Each call rejects when control cannot be reached or refuses. */
export interface ControlLink {
  /** Messages as they come; ends when control closes the stream, throws when it is lost or silent for 3 s. */
  stream(gateway: string, signal: AbortSignal): AsyncIterable<StreamMessage>
  report(report: GatewayReport): Promise<void>
  register(key: PublicKey & { holder: string }): Promise<void>
  ship(entries: LedgerEntry[]): Promise<void>
  /** Exchanges a ticket. `ticket_refused` when control refuses it. */
  redeem(ticket: string): Promise<Session>
  traffic(shipment: Shipment): Promise<void>
  /** What was seen of contracts. */
  usage(shipment: UsageShipment): Promise<void>
  /** Tokens of these issuers (`iss`) name keys that are not known here. */
  unknownKeys(issuers: string[]): Promise<void>
  close(): Promise<void>
}

const silenceMs = 3_000
/** A contract may have megabytes, and nothing waits for it but calls that it is needed for. */
const contractMs = 60_000
const maxLineLength = 256 * 1024 * 1024

export interface ControlLinkOptions {
  /** Control's origin. */
  url: string
  /** The role token of the gateway. */
  token: string
  /** Milliseconds that a call may take in all, its answer included; 10 s unless said. The stream goes on. */
  callMs?: number
}

export function createControlLink({
  url,
  token,
  callMs = 10_000,
}: ControlLinkOptions): ControlLink & Lender & ContractSource {
  const client = createHttpClient(url, { connectMs: 2_000, silenceMs })
  const headers = { authorization: `Bearer ${token}` }

  async function post(path: string, value: unknown, withinMs = callMs): Promise<string> {
    const { status, body } = await client.request(path, {
      method: 'POST',
      signal: AbortSignal.timeout(withinMs),
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(value),
    })
    const text = await textOf(body)
    if (status >= 300) throw refusal(path, status, text)
    return text
  }

  return {
    async *stream(gateway, signal) {
      const path = `/internal/gateway/stream?gateway=${encodeURIComponent(gateway)}`
      const { status, body } = await client.request(path, { headers, signal })
      if (status !== 200) throw refusal(path, status, await textOf(body))
      yield* readLines(body)
    },
    report: async (report) => void (await post('/internal/gateway/report', report)),
    register: async (key) => void (await post('/internal/keys', key)),
    ship: async (entries) => void (await post('/internal/ledger', { entries })),
    redeem: async (ticket) => JSON.parse(await post('/internal/sessions', { ticket })) as Session,
    traffic: async (shipment) => void (await post('/internal/traffic', shipment)),
    usage: async (shipment) => void (await post('/internal/contract-usage', shipment)),
    unknownKeys: async (issuers) => void (await post('/internal/issuers', { issuers })),
    lend: async (request, withinMs) =>
      JSON.parse(await post('/internal/leases', request, withinMs)) as LeaseAnswer,
    async contract(address, signal) {
      const path = `/internal/gateway/contracts/${encodeURIComponent(address)}`
      const late = AbortSignal.timeout(contractMs)
      const until = signal === undefined ? late : AbortSignal.any([late, signal])
      const { status, body } = await client.request(path, { headers, signal: until })
      const bytes = await bytesOf(body, maxContractBytes)
      if (status !== 200) throw refusal(path, status, bytes.toString('utf8'))
      return bytes
    },
    takeBack: async (leases, withinMs) => void (await post('/internal/leases/back', { leases }, withinMs)),
    close: () => Promise.resolve(client.close()),
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  return (await bytesOf(body, Infinity)).toString('utf8')
}

async function bytesOf(body: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > most) throw problem('control_unreachable', `control sent more than ${most} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

async function* readLines(body: AsyncIterable<Buffer>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: string[] = []
  let length = 0
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    const rest = lines.pop()!
    for (const line of lines) {
      const whole = parts.join('') + line
      parts = []
      length = 0
      if (whole !== '') yield JSON.parse(whole) as StreamMessage
    }
    parts.push(rest)
    length += rest.length
    if (length > maxLineLength) throw problem('control_unreachable', 'control sent a line without an end')
  }
}

function refusal(path: string, status: number, text: string): Error {
  const told = codeOf(text)
  if (told?.code === 'ticket_refused') return problem(told.code, told.detail)
  const detail = `control answered ${status} to ${path.split('?')[0]}: ${text.slice(0, 500)}`
  return problem('control_unreachable', detail, { cause: { status } })
}

function codeOf(text: string): { code: 'ticket_refused'; detail: string } | undefined {
  try {
    return JSON.parse(text) as { code: 'ticket_refused'; detail: string }
  } catch {
    return undefined
  }
}
