import { lintDocuments } from '../../src/contracts/lint/lint.ts'
import type { Linted } from '../../src/contracts/lint/lint.ts'
import { readSettings } from '../../src/contracts/lint/settings/read.ts'
import type { LintSettings } from '../../src/contracts/lint/types.ts'
import type { Documents } from '../../src/contracts/load.ts'
import { readText } from '../../src/contracts/source/text.ts'
import type { JsonObject } from '../../src/contracts/types.ts'

/** Settings as they are written, which must be good. */
export function settingsOf(written: object): LintSettings {
  const reading = readSettings(JSON.stringify(written), 'rockpool.lint.yaml')
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return reading.settings
}

/** Nothing but one rule. */
export function onlyRule(id: string, options: JsonObject = {}): LintSettings {
  return settingsOf({ extends: [], rules: { [id]: { severity: 'warn', ...options } } })
}

/** Texts by name, the first of them the document. */
export function documentsOf(texts: Record<string, string>): Documents {
  const readings = Object.entries(texts).map(([name, text]) => ({ name, ...readText(text, name) }))
  return {
    file: readings[0]!.name,
    files: new Map(readings.map(({ name, value }) => [name, value])),
    absent: new Map(),
    findings: readings.flatMap(({ findings }) => findings),
  }
}

export function lintText(text: string, settings: LintSettings, name = 'api.yaml'): Promise<Linted> {
  return lintDocuments(documentsOf({ [name]: text }), settings)
}

/** A whole document around what a test is about. */
export function whole(part: JsonObject): JsonObject {
  return { openapi: '3.1.0', info: { title: 'Things', version: '1.0.0' }, paths: {}, ...part }
}
