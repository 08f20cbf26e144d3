import { open, rename } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import type { Snapshot } from './types.ts'

/** Entries that are turned into text at a time: some milliseconds. */
const entriesAtOnce = 2_000

/**
 * Keeps a snapshot on disk, whole or not at all. It is written piece by piece, with turns for calls in between: all of
 * 100,000 credentials at once would hold up every call for a third of a second, after each change.
 */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    for (const piece of pieces(snapshot)) {
      await handle.appendFile(piece)
      await turn()
    }
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

/** The JSON of the snapshot, in pieces. Its lists are its own: what changes meanwhile does not change them. */
function* pieces(snapshot: Snapshot): Generator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(snapshot)) {
    yield `${before}${JSON.stringify(name)}:`
    before = ','
    if (Array.isArray(value)) yield* piecesOf(value)
    else yield JSON.stringify(value)
  }
  yield '}'
}

function* piecesOf(entries: readonly unknown[]): Generator<string> {
  yield '['
  for (let from = 0; from < entries.length; from += entriesAtOnce) {
    const text = JSON.stringify(entries.slice(from, from + entriesAtOnce)).slice(1, -1)
    yield from === 0 ? text : `,${text}`
  }
  yield ']'
}
