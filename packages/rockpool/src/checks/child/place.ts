import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import type { FrameLine, Place } from '../types.ts'

const ours = fileURLToPath(new URL('../', import.meta.url))

/** The path of a script of the check's author: not Node's, not a package's, not this part's; else undefined. */
function theirs(script: string): string | undefined {
  if (!script.startsWith('file:') && !script.startsWith('/')) return undefined
  const path = script.startsWith('file:') ? fileURLToPath(script) : script
  return path.startsWith(ours) || path.includes('/node_modules/') ? undefined : path
}

/** The line of the author's code that calls into us now. */
export function callerPlace(): Place | null {
  for (const { scriptName, lineNumber } of getCallSites(30)) {
    const file = theirs(scriptName)
    if (file) return { file, line: lineNumber }
  }
  return null
}

/** The first line of the author's code in a stack; of a syntax error, the line that its beginning names. */
export function stackPlace(stack: string | undefined): Place | null {
  for (const line of (stack ?? '').split('\n')) {
    const match = /((?:file:\/\/)?\/[^\s()]+?):(\d+)(?::\d+)?\)?$/.exec(line.trim())
    const file = match && theirs(match[1]!)
    if (file) return { file, line: Number(match[2]) }
  }
  return null
}

/** The line and up to two before it; empty where the file cannot be read. */
export function frameOf(place: Place | null): FrameLine[] {
  if (!place) return []
  try {
    const lines = readFileSync(place.file, 'utf8').split(/\r?\n/)
    const first = Math.max(1, place.line - 2)
    return lines
      .slice(first - 1, place.line)
      .map((text, index) => ({ line: first + index, text: text.slice(0, 400) }))
  } catch {
    return []
  }
}
