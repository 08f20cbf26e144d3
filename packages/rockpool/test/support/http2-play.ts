import { codeOf, frame, types, type Frame, type FrameClient } from './http2-frames.ts'

// Frames of a case are written, and what a server makes of them is told in words.

/** Of `reactionsOf`: any of them is right. */
export type Reactions = readonly string[]

export interface Http2Case {
  name: string
  /** Written one after the other. In one breath they go out as one. */
  steps: Buffer[]
  right: Reactions
  /** The stream that is looked at; 1 unless said. */
  stream?: number
  /** Without the preface and SETTINGS of a client of good manners. */
  bare?: boolean
}

/** Names and values of requests, in turns: what the call is that frames go wrong in. */
export interface CallFields {
  get: string[]
  post: string[]
}

/** RFC 9113 5.4.1: GOAWAY, which may get lost, and an end. */
export const connectionError = (...codes: number[]): Reactions => [
  ...codes.map((code) => `goaway ${code}`),
  'closed',
]
/** RFC 9113 5.4.2: RST_STREAM, or as a connection's. */
export const streamError = (...codes: number[]): Reactions => [
  ...codes.map((code) => `reset ${code}`),
  ...connectionError(...codes),
]
/** It has an answer, and its connection goes on. */
export const served: Reactions = ['answered']
/** Nothing comes of it, and the connection goes on. */
export const passedOver: Reactions = ['nothing']

/** All that a client has seen of a stream and its connection. */
export function reactionsOf(client: FrameClient, stream: number, pinged: boolean): string[] {
  const seen: string[] = []
  for (const one of client.received) {
    if (one.type === types.goaway && client.closed) seen.push(`goaway ${codeOf(one)}`)
    if (one.stream !== stream) continue
    if (one.type === types.reset) seen.push(`reset ${codeOf(one)}`)
    if (one.type === types.headers && pinged) seen.push('answered')
  }
  if (client.closed && !seen.some((text) => text.startsWith('goaway'))) seen.push('closed')
  if (pinged && seen.length === 0) seen.push('nothing')
  return seen
}

/** Writes a case, in one breath or each step once the one before has been seen, and gives what came of it. */
export async function play(client: FrameClient, one: Http2Case, inOneBreath: boolean): Promise<string[]> {
  const { steps, stream = 1, right } = one
  let turn = 0
  const turned = async () => {
    turn += 1
    const payload = Buffer.from(`turn ${String(turn).padStart(3)}`)
    client.write(frame(types.ping, 0, 0, payload))
    const isBack = (got: Frame) => got.type === types.ping && got.payload.equals(payload)
    await soon(() => client.closed || client.received.some(isBack))
  }
  for (const step of inOneBreath ? [Buffer.concat(steps)] : steps) {
    client.write(step)
    if (!one.bare && !inOneBreath) await turned()
  }
  if (!one.bare) {
    await turned()
    await turned()
  }
  const seen = () => reactionsOf(client, stream, turn > 0 && !client.closed)
  await soon(() => seen().some((text) => right.includes(text)))
  return seen()
}

/** As `until`, but looks at once again, and leaves it to who asked where it does not come. */
async function soon(check: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!check() && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve))
}
