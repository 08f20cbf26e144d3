import { setTimeout as pause } from 'node:timers/promises'
import type { ControlClient } from '../api/light.ts'
import { Problem, parseDuration, problem } from '../kernel/index.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

/** Of `releases.list`. */
export interface Release {
  service: string
  name: string
  url: string
  weight: number
  drain: { since: string; done: boolean; waiting: string[] } | null
}

const everyMs = 250

interface Which {
  service: string
  name: string
  within: string
}

/** Asks for the drain, and looks until it is done or the time is over; says whom it waits for. */
export async function waitUntilDrained(
  client: ControlClient,
  { service, name, within }: Which,
  terminal: Terminal,
): Promise<Release> {
  const deadline = performance.now() + parseDuration(within)
  const progress = createProgress(terminal, ['drain'])
  try {
    return await progress.step('drain', async (say) => {
      let found: Release = await client.call('POST /services/{service}/releases/{release}/drain', {
        params: { service, release: name },
      })
      while (!found.drain?.done && performance.now() < deadline) {
        say(`waiting for ${found.drain?.waiting.join(', ') ?? ''}`)
        await pause(everyMs)
        found = await read()
      }
      say(
        found.drain?.done ? 'nothing leads to it any more' : `still ${found.drain?.waiting.join(', ') ?? ''}`,
      )
      return found
    })
  } finally {
    progress.end()
  }

  async function read(): Promise<Release> {
    const { items } = await client.call('GET /services/{service}/releases', { params: { service } })
    const found = items.find((release) => release.name === name)
    if (found?.drain) return found
    throw problem(
      'conflict',
      `somebody else ${found ? `had ${name} take calls again` : `took ${name} out`} while it was being drained`,
    )
  }
}

/** Asks for the removal, again while it says that the release is still in use. False: the time is over. */
export async function removeWithin(
  client: ControlClient,
  { service, name, within }: Which,
  terminal: Terminal,
): Promise<boolean> {
  const deadline = performance.now() + parseDuration(within)
  const progress = createProgress(terminal, ['drain'])
  try {
    return await progress.step('drain', async (say) => {
      for (;;)
        try {
          await client.call('DELETE /services/{service}/releases/{release}', {
            params: { service, release: name },
          })
          say('nothing leads to it any more')
          return true
        } catch (error) {
          if (!(error instanceof Problem) || error.code !== 'deadline_exceeded') throw error
          say(error.detail)
          if (performance.now() >= deadline) return false
        }
    })
  } finally {
    progress.end()
  }
}
