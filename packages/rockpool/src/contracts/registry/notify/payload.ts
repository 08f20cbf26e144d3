import type { Notice, Watcher } from '../types.ts'

/** Letters of the differences in one message: the Standard Webhooks ask for less than 20 KB in all. */
const mostLetters = 16_000

/** What is sent of a notice, the same at each attempt. Differences that there is no room for are in its counts. Pure. */
export function payloadOf({
  id,
  watcher,
  push,
  base,
  counts,
  differences,
}: Pick<Notice, 'id' | 'push' | 'base' | 'counts' | 'differences'> & {
  watcher: Pick<Watcher, 'id' | 'consumer'>
}): string {
  let letters = 0
  const told = differences.filter((line) => (letters += JSON.stringify(line).length) <= mostLetters)
  return JSON.stringify({
    type: 'contract.changed',
    timestamp: push.pushedAt,
    data: {
      notice: id,
      watcher: watcher.id,
      consumer: watcher.consumer,
      service: push.service,
      version: push.name,
      address: push.address,
      base,
      pushedBy: push.pushedBy,
      counts,
      differences: told,
    },
  })
}
