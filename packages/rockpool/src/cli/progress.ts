import { formatDuration } from '../kernel/index.ts'
import type { Terminal } from './terminal.ts'

/*
 *   ✔ config      rockpool.config.ts, 5 services        42 ms
 *   ◌ services    waiting for orders                    2.1 s
 *   · gateway
 *
 * Redraws in place on a terminal; elsewhere one plain line when a step ends, and every 10 s while one goes on.
 */

export interface Progress {
  /** Runs a step; what `work` says through `say` (and what it resolves to, if it is text) stands beside its name. */
  step<T>(name: string, work: (say: (text: string) => void) => Promise<T>): Promise<T>
  end(): void
}

interface Step {
  name: string
  state: 'waiting' | 'moving' | 'done' | 'failed'
  text: string
  began: number
  ended: number
}

/** `names` are the steps to come, in order, shown as waiting from the beginning on. */
export function createProgress(terminal: Terminal, names: readonly string[]): Progress {
  const steps: Step[] = names.map((name) => ({ name, state: 'waiting', text: '', began: 0, ended: 0 }))
  const width = Math.max(...names.map((name) => name.length)) + 2
  let drawn = 0
  const line = (step: Step) => {
    const { mark } = terminal
    const symbol = { waiting: mark.waiting, moving: mark.moving, done: mark.pass, failed: mark.fail }[
      step.state
    ]
    const took =
      step.state === 'waiting' ? '' : formatDuration((step.ended || performance.now()) - step.began)
    return `  ${symbol} ${step.name.padEnd(width)}${step.text.padEnd(56).slice(0, step.state === 'moving' ? 56 : undefined)} ${took.padStart(7)}`.trimEnd()
  }
  const draw = () => {
    if (!terminal.live) return
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    terminal.note(up + steps.map((step) => `\u001b[2K${line(step)}`).join('\n'))
    drawn = steps.length
  }
  const redraw = setInterval(draw, 100)
  redraw.unref()
  const still = setInterval(() => {
    if (terminal.live) return
    for (const step of steps.filter(({ state }) => state === 'moving')) terminal.note(line(step))
  }, 10_000)
  still.unref()

  return {
    async step(name, work) {
      const step = steps.find((candidate) => candidate.name === name)!
      step.state = 'moving'
      step.began = performance.now()
      draw()
      try {
        const result = await work((text) => {
          step.text = text
        })
        step.state = 'done'
        return result
      } catch (error) {
        step.state = 'failed'
        throw error
      } finally {
        step.ended = performance.now()
        if (terminal.live) draw()
        else terminal.note(line(step))
      }
    },
    end() {
      clearInterval(redraw)
      clearInterval(still)
    },
  }
}
