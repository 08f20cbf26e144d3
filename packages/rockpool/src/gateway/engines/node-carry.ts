import type { ClientSide } from './client-side.ts'
import { BodyTimer, inTime } from './body-time.ts'
import type { BodyTimes } from './body-time.ts'
import { newEnd } from './end.ts'
import type { Answer, Exchange, Gather } from './engine.ts'
import { forwardByUndici } from './node-forward.ts'
import { createSpoiledOutlet } from './node-spoil.ts'
import type { ServiceAgent } from './service-agent.ts'
import { Collector } from './splice/collector.ts'

type Agent = Pick<ServiceAgent, 'dispatch'>

/** Does what the exchange plans: answers at once, forwards, or gathers the body of the request first. */
export function carry(exchange: Exchange, client: ClientSide, agent: Agent, times: BodyTimes): void {
  const { plan } = exchange
  // Gone while something was still on its way to the disk: its end has passed.
  if (client.gone()) return exchange.ended({ ...newEnd(), aborted: 'client' })
  if ('forward' in plan) return forwardByUndici(exchange, plan.forward, client, agent, times)
  if ('gather' in plan) return void gatherFirst(exchange, plan.gather, client, agent, times)
  answer(exchange, plan.answer, client, 0)
}

function answer(exchange: Exchange, own: Answer, client: ClientSide, bytesIn: number): void {
  if (exchange.spoil) return spoilAnswer(exchange, own, client, bytesIn)
  let bytesOut = 0
  client.onClose(() =>
    exchange.ended({ ...newEnd(), bytesIn, bytesOut, aborted: client.finished() ? null : 'client' }),
  )
  bytesOut = client.answer(own)
}

/** The body of the request, or null when it is too long; then what is to become of it. */
async function gatherFirst(
  exchange: Exchange,
  gather: Gather,
  client: ClientSide,
  agent: Agent,
  times: BodyTimes,
): Promise<void> {
  let bytesIn = 0
  let bytesOut = 0
  let isWaiting = true
  let isOver = false
  client.onClose(() => {
    isOver = true
    if (isWaiting) exchange.ended({ ...newEnd(), bytesIn, bytesOut, aborted: 'client' })
  })
  try {
    const body = await collect()
    if (isOver) return
    const next = gather.whole(body)
    isWaiting = false
    if ('answer' in next) answer(exchange, next.answer, client, bytesIn)
    else forwardByUndici(exchange, next.forward, client, agent, { ...times, gathered: bytesIn })
  } catch {
    // It broke off, which is told by its end; or nobody can say what is to become of it.
    client.breakOff()
  }

  function giveUp(): void {
    if (isOver) return
    isOver = true
    bytesOut = client.answer(exchange.failed('slow', 'the body did not come in time'))
  }

  async function collect(): Promise<Buffer | null> {
    const { maxBytes } = gather
    const collector = new Collector(maxBytes)
    if (!client.hasBody) return collector.whole()
    // One that says so itself is not asked for.
    if (client.length !== null && client.length > maxBytes) return null
    for await (const chunk of inTime(client.body(), new BodyTimer(times, giveUp))) {
      bytesIn += chunk.length
      collector.pass(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), 0, chunk.length)
      if (collector.isTooLong) return null
    }
    return collector.whole()
  }
}

/** Our own answer, spoiled on purpose: slowly, not all of it, or nothing at all. */
function spoilAnswer(exchange: Exchange, own: Answer, client: ClientSide, bytesIn: number): void {
  const spoil = exchange.spoil!
  let bytesOut = 0
  let isCut = spoil.resetAfterBytes === 0
  const outlet = createSpoiledOutlet(client, spoil, {
    holdSource: () => {},
    leaveSource: () => {},
    cut: () => (isCut = true),
    sent: (size) => (bytesOut += size),
    over: () => client.end([]),
  })
  client.onClose(() => {
    outlet.stop()
    const aborted = client.finished() ? null : isCut ? 'upstream' : 'client'
    exchange.ended({ ...newEnd(), bytesIn, bytesOut, aborted })
  })
  if (isCut) return client.reset()
  client.writeHead(own.status, own.headers)
  outlet.begin()
  if (client.method !== 'HEAD') outlet.pass(Buffer.from(own.body))
  outlet.end()
  client.discardBody()
}
