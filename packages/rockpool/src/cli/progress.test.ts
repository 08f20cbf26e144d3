import { stripVTControlCharacters } from 'node:util'
import { expect, test, vi } from 'vitest'
import { fakeStreams } from '../../test/support/terminal.ts'
import { createProgress, whileWaiting } from './progress.ts'
import { createTerminal } from './terminal.ts'

const long =
  'rockpool.config.ts, 4 services, data in /var/lib/rockpool/a-folder-with-a-long-name/shop-local-9cc061b8'

/** What a screen of this width shows in the end: text goes on in the next row, and only the known escapes are obeyed. */
function screen(written: string, width: number): string[] {
  const rows = ['']
  let row = 0
  for (const [, up, escape, text] of written.matchAll(/\u001b\[(\d+)A|(\u001b\[\d*[A-Za-z])|([^\u001b])/g)) {
    if (up) row -= Number(up)
    else if (escape === '\u001b[2K') rows[row] = ''
    else if (escape === '\u001b[J') rows.length = row + 1
    else if (text === '\n') rows[++row] ??= ''
    else if (text === '\r') rows[row] = ''
    else if (text) {
      if (rows[row]!.length === width) rows[++row] ??= ''
      rows[row] += text
    }
  }
  return rows.filter((line) => line !== '')
}

test.each([
  [80, {}],
  [80, { NO_COLOR: '1' }],
  [40, {}],
])(
  'on a terminal of %i columns (%o) each step is drawn once, however long its text',
  async (columns, environment) => {
    const { streams, err } = fakeStreams({ isTTY: true, columns, environment })
    const progress = createProgress(createTerminal(streams), ['config', 'gateway'])
    for (const text of [long, long, 'short', long]) {
      await progress.step('config', async (say) => say(text))
    }
    await progress.step('gateway', async (say) => say('port 8470'))
    progress.end()
    const shown = screen(err(), columns)
    for (const name of ['config ', 'gateway ']) {
      expect(
        shown.filter((row) => row.includes(` ${name}`)),
        shown.join('\n'),
      ).toHaveLength(1)
    }
    expect(shown.every((row) => row.length <= columns)).toBe(true)
    expect(shown.join('').replaceAll(' ', '')).toContain('shop-local-9cc061b8')
  },
)

test('in a pipe: one plain line when a step ends, with its whole text and no escapes', async () => {
  const { streams, err } = fakeStreams()
  const progress = createProgress(createTerminal(streams), ['config', 'gateway'])
  await progress.step('config', async (say) => say(long))
  await expect(progress.step('gateway', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  progress.end()
  expect(err()).toBe(stripVTControlCharacters(err()))
  const lines = err().trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain(`ok   config   ${long}`)
  expect(lines[1]).toMatch(/FAIL gateway .* ms$/)
})

test('a wait is told after a second, again every 10 s, and leaves nothing on a terminal', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  try {
    const [pipe, live] = [fakeStreams(), fakeStreams({ isTTY: true })]
    let end: (value: string) => void = () => {}
    const work = new Promise<string>((resolve) => (end = resolve))
    const waits = [pipe, live].map(({ streams }) => whileWaiting(createTerminal(streams), 'stopping', work))
    vi.advanceTimersByTime(900)
    expect(pipe.err() + live.err()).toBe('')
    vi.advanceTimersByTime(11_000)
    expect(pipe.err().match(/stopping, for/g)).toHaveLength(2)
    expect(screen(live.err(), 80)).toEqual([expect.stringContaining('◌ stopping, for')])
    end('done')
    expect(await Promise.all(waits)).toEqual(['done', 'done'])
    expect(screen(live.err(), 80)).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})
