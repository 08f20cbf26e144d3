import cluster from 'node:cluster'
import type { Sharing } from '../limits/limits.ts'
import { createRateShare } from './rate-share.ts'
import type { ToParent, ToWorker } from './types.ts'

/** What a worker has of its parent. When the parent dies Node ends the worker with it. */
export interface Parent {
  sharing: Sharing
  /** Says when this worker could serve, and resolves when it is told to listen. */
  beforeListening(notReady: () => string | undefined): Promise<void>
  /** Tells that it listens. */
  listens(): void
  /** How it is told to end. */
  readonly ending: Promise<'retire' | 'stop'>
}

/** Undefined: this process is no worker. */
export function joinParent({ workers }: { workers: number }): Parent | undefined {
  if (!cluster.isWorker) return undefined
  const listen = Promise.withResolvers<void>()
  const ending = Promise.withResolvers<'retire' | 'stop'>()
  // They may come to a whole group: when a worker ends is its parent's word.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  const rates = createRateShare({ workers, tell: (entries) => send({ type: 'took', entries }) })

  process.on('message', (message: ToWorker) => {
    if (message.type === 'left') rates.told(message.entries, message.answers)
    else if (message.type === 'listen') listen.resolve()
    else ending.resolve(message.type)
  })

  return {
    sharing: { processes: workers, rates },
    async beforeListening(notReady) {
      send({ type: 'unready' })
      const look = setInterval(() => {
        if (notReady() !== undefined) return
        clearInterval(look)
        send({ type: 'ready' })
      }, 10)
      await listen.promise
      clearInterval(look)
    },
    listens: () => send({ type: 'listening' }),
    ending: ending.promise,
  }
}

/** Where the parent is gone this process is about to end: nobody is left to be told. */
function send(message: ToParent): void {
  process.send?.(message, undefined, undefined, () => {})
}
