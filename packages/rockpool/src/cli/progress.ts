import { stripVTControlCharacters } from 'node:util'
import { formatDuration } from '../kernel/light.ts'
import { fold } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/*
 *   ✔ config      rockpool.config.ts, 5 services        42 ms
 *   ◌ services    waiting for orders                    2.1 s
 *   · gateway
 *
 * Redraws in place on a terminal; elsewhere one plain line when a step ends, and every 10 s while one goes on.
 */

export interface Progress {
  /** Runs a step; what `work` says through `say` stands beside its name. */
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

const every = 10_000

/** `names` are the steps to come, in order, shown as waiting from the beginning on. */
export function createProgress(terminal: Terminal, names: readonly string[]): Progress {
  const steps: Step[] = names.map((name) => ({ name, state: 'waiting', text: '', began: 0, ended: 0 }))
  const nameWidth = Math.max(...names.map((name) => name.length)) + 2
  // A mark is one column, or a plain word of four.
  const textFrom = 3 + stripVTControlCharacters(terminal.mark.pass).length + nameWidth
  let drawn = 0

  const room = (width: number) => Math.max(10, width - textFrom - 8)
  const row = (step: Step, text: string, width: number): string => {
    const { mark } = terminal
    const symbol = { waiting: mark.waiting, moving: mark.moving, done: mark.pass, failed: mark.fail }
    const took =
      step.state === 'waiting' ? '' : formatDuration((step.ended || performance.now()) - step.began)
    return `  ${symbol[step.state]} ${step.name.padEnd(nameWidth)}${text.padEnd(room(width))}${took.padStart(8)}`.trimEnd()
  }
  /** The rows of a step: a text that is too long for its place goes on below, since a redraw counts its rows. */
  const rows = (step: Step, width: number): string[] => {
    const [first = '', ...others] = fold(step.text, room(width))
    return [row(step, first, width), ...others.map((text) => ' '.repeat(textFrom) + text)]
  }
  const draw = () => {
    if (!terminal.live) return
    const all = steps.flatMap((step) => rows(step, terminal.width))
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    // What stood below is cleared too: a text may have become shorter by a row.
    terminal.note(`${up}${all.map((row) => `\u001b[2K${row}`).join('\n')}\u001b[J`)
    drawn = all.length
  }
  const plain = (step: Step) => terminal.note(row(step, step.text, 80))
  const redraw = setInterval(draw, 100)
  redraw.unref()
  const still = setInterval(() => {
    if (!terminal.live) steps.filter(({ state }) => state === 'moving').forEach(plain)
  }, every)
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
        else plain(step)
      }
    },
    end() {
      clearInterval(redraw)
      clearInterval(still)
    },
  }
}

/**
 * Waits for one piece of work, and says so once that takes longer than a second: in place on a terminal, where the line
 * goes away in the end; elsewhere as a plain line, again every 10 s.
 */
export async function whileWaiting<T>(terminal: Terminal, text: string, work: Promise<T>): Promise<T> {
  const began = performance.now()
  let said = -Infinity
  const tick = setInterval(() => {
    const now = performance.now()
    if (now - began < 1_000) return
    const line = `  ${terminal.mark.moving} ${text}, for ${formatDuration(now - began)}`
    if (terminal.live) terminal.write(`\r\u001b[2K${line.slice(0, terminal.width - 1)}`)
    else if (now - said >= every) {
      said = now
      terminal.note(line)
    }
  }, 100)
  try {
    return await work
  } finally {
    clearInterval(tick)
    if (terminal.live) terminal.write('\r\u001b[2K')
  }
}
