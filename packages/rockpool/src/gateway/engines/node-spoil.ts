import type { ClientSide } from './client-side.ts'
import type { Spoil } from './engine.ts'
import { Spoiled } from './splice/spoiled.ts'

/** What is on its way in the network would be lost by a reset. */
const arriveMs = 50

/** Where the content of an answer goes that its client gets slowly, or not all of it, on purpose. */
export interface SpoiledOutlet {
  /** The head is written. */
  begin(): void
  pass(content: Buffer): void
  /** There is no more content. */
  end(): void
  /** It is over, however. */
  stop(): void
}

export interface SpoiledOutletOptions {
  /** Whoever sends the content has to wait, or has not any more. */
  holdSource(holds: boolean): void
  /** No more content is wanted. */
  leaveSource(): void
  /** As much as may go is written: the client's connection will be reset. */
  cut(): void
  sent(size: number): void
  /** All content is written. */
  over(): void
}

export function createSpoiledOutlet(
  client: ClientSide,
  spoil: Spoil,
  options: SpoiledOutletOptions,
): SpoiledOutlet {
  let cutting: NodeJS.Timeout | undefined
  const spoiled = new Spoiled(spoil, {
    writeContent(piece) {
      options.sent(piece.length)
      if (client.write(piece)) return true
      client.onDrain(() => spoiled.drained())
      return false
    },
    holdSource: options.holdSource,
    leaveSource: options.leaveSource,
    contentOver: options.over,
    cut() {
      options.cut()
      client.flushed(() => (cutting = setTimeout(() => client.reset(), arriveMs)))
    },
  })
  return {
    begin() {
      client.flushHead()
      spoiled.begin()
    },
    pass: (content) => spoiled.pass(content, 0, content.length),
    end: () => spoiled.over([]),
    stop() {
      clearTimeout(cutting)
      spoiled.stop()
    },
  }
}
