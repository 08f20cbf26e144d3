import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'

const longestLine = 64 * 1024
const rememberedLines = 40

/** Where a process's output goes: one NDJSON file that never outgrows its bound, with one older file kept. */
export interface Output {
  /** Takes the stream's lines until it ends; JSON objects go as they are, other lines as `{time, stream, message}`. */
  take(stream: Readable, name: 'stdout' | 'stderr'): void
  /** A line of the agent's own, about the process. */
  note(message: string): void
  onLine(listener: (line: string) => void): () => void
  /** What the process last said about why it cannot go on; '' if it said nothing. */
  lastWords(): string
  /** Forgets what was said: a new process begins. */
  begin(): void
}

/** @param maxBytes the bound of each of the two files */
export function createOutput(file: string, maxBytes = 16 * 1024 * 1024): Output {
  mkdirSync(dirname(file), { recursive: true })
  const older = file.replace(/(\.\w+)$/, '.1$1')
  const listeners = new Set<(line: string) => void>()
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let said: string[] = []

  const append = (text: string) => {
    // A full disk must stop neither the process nor its agent: what cannot be written is lost.
    try {
      const bytes = Buffer.byteLength(text)
      if (size > 0 && size + bytes > maxBytes) {
        renameSync(file, older)
        size = 0
      }
      appendFileSync(file, text, { mode: 0o600 })
      size += bytes
    } catch {
      size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    }
  }

  return {
    take(stream, name) {
      let rest = ''
      const emit = (lines: string[]) => {
        const texts = lines.filter((line) => line.trim() !== '')
        if (texts.length === 0) return
        append(texts.map((line) => asJsonLine(line, name)).join(''))
        said = [...said, ...texts].slice(-rememberedLines)
        for (const line of texts) for (const listener of listeners) listener(line)
      }
      stream.setEncoding('utf8')
      stream.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > longestLine) {
          lines.push(rest)
          rest = ''
        }
        emit(lines)
      })
      stream.on('end', () => emit([rest]))
      stream.on('error', () => {})
    },
    note(message) {
      append(`${JSON.stringify({ time: new Date().toISOString(), stream: 'agent', message })}\n`)
    },
    onLine(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lastWords: () => causeIn(said),
    begin: () => (said = []),
  }
}

/** The line that names a cause: the last that starts as an error does, else the last one; at most 300 characters. */
export function causeIn(lines: readonly string[]): string {
  const named = lines.findLast((line) =>
    /^(Uncaught )?\w*(Error|Exception)\b.*:|^(fatal|error)\b/i.test(line),
  )
  const chosen = named ?? lines.findLast((line) => !/^(Node\.js v|\s+at )/.test(line)) ?? ''
  return messageIn(chosen).trim().slice(0, 300)
}

function messageIn(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { msg, message = msg, error, err = error, findings } = JSON.parse(line) as Record<string, unknown>
    if (typeof message !== 'string') return line
    const cause = typeof err === 'string' ? err : (err as { message?: unknown } | undefined)?.message
    const found = Array.isArray(findings) ? (findings as { path?: unknown; message?: unknown }[]) : []
    return [message, cause, ...found.map(({ path, message: what }) => `${String(path)} ${String(what)}`)]
      .filter((text) => typeof text === 'string')
      .join(': ')
  } catch {
    return line
  }
}

function asJsonLine(line: string, stream: string): string {
  const cut = line.length > longestLine
  if (!cut && line.startsWith('{') && isJson(line)) return `${line.trimEnd()}\n`
  const message = line.slice(0, longestLine).trimEnd()
  return `${JSON.stringify({ time: new Date().toISOString(), stream, message, ...(cut ? { cut } : {}) })}\n`
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
