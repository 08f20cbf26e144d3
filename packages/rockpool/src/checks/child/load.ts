import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { collectScenarios } from '../authoring/check.ts'
import type { ScenarioDefinition } from '../authoring/types.ts'
import { oneLine } from '../printable.ts'
import { redactText } from '../redact.ts'
import { withCauses } from './errors.ts'
import { provideOwnPackage } from '../../kernel/light.ts'
import { stackPlace } from './place.ts'
import type { RawFinding } from './protocol.ts'

export interface Loaded {
  definitions: ScenarioDefinition[]
  /** The author's files that were loaded, with their contents' hash: a process is used again only while they stay. */
  files: { path: string; sha256: string }[]
}

/** Imports a check file. What is wrong with it comes back as a finding. */
export async function loadFile(file: string): Promise<Loaded | RawFinding> {
  provideOwnPackage()
  const files = new Map<string, string>()
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:') && !url.includes('/node_modules/')) {
        const path = fileURLToPath(url)
        files.set(path, createHash('sha256').update(readFileSync(path)).digest('hex'))
      }
      return next(url, context)
    },
  })
  const definitions = collectScenarios()
  try {
    await import(pathToFileURL(file).href)
  } catch (error) {
    const place = stackPlace(error instanceof Error ? error.stack : undefined)
    const inside = place && place.file !== file ? ` (in ${place.file}:${place.line})` : ''
    return {
      message: oneLine(redactText(`it cannot be loaded: ${withCauses(error)}${inside}`)),
      line: place?.file === file ? place.line : null,
    }
  }
  return { definitions, files: [...files].map(([path, sha256]) => ({ path, sha256 })) }
}
