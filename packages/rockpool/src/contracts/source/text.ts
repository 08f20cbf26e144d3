import type { Json } from '../types.ts'
import { readJson } from './json.ts'
import type { SyntaxFault } from './json.ts'
import { lineAt } from './origins.ts'
import type { SourceFile } from './origins.ts'
import { readYaml } from './yaml.ts'
import type { ContractFinding } from '../findings.ts'

/** Bytes of one file. */
export const maxFileBytes = 32 * 1024 * 1024

export interface TextReading {
  /** Null where the text cannot be read: then a finding says so. */
  value: Json
  findings: ContractFinding[]
}

/**
 * Reads a text as JSON where it begins as such, else as YAML. Names that stand twice in one object are findings.
 * @param name of the file, for findings and origins
 */
export function readText(text: string, name: string): TextReading {
  const file: SourceFile = { name, text: text.startsWith('\uFEFF') ? text.slice(1) : text }
  if (Buffer.byteLength(file.text) > maxFileBytes)
    return unreadable(file, [{ at: 0, message: `it is larger than ${maxFileBytes / 1024 / 1024} MB` }])
  const isJson = /^\s*[{[]/.test(file.text.slice(0, 1_000))
  const reading = isJson ? readJson(file) : readYaml(file)
  // A flow map of YAML begins as JSON does.
  if (isJson && reading.value === null && !/\.json$/i.test(name)) {
    const other = readYaml(file)
    if (other.value !== null) return unreadable(file, other.faults, other.value)
  }
  return unreadable(file, reading.faults, reading.value)
}

/**
 * The same of what a document leads to: not all of it need be JSON or YAML. A description may stand in Markdown, a sample in
 * a file of its own language; such a file is a text.
 */
export function readPart(text: string, name: string): TextReading {
  const reading = /\.(?:md|markdown)$/i.test(name) ? undefined : readText(text, name)
  const isText = reading === undefined || (reading.findings.length > 0 && !isDocument(name))
  return isText ? { value: text, findings: [] } : reading
}

/** By its name; what has no suffix, or stands in the network, may be one. */
function isDocument(name: string): boolean {
  return /(?:\.(?:json|ya?ml)|(?:^|\/)[^./]*)$/i.test(name) || /^[a-z][a-z\d+.-]*:\/\//i.test(name)
}

function unreadable(file: SourceFile, faults: readonly SyntaxFault[], value: Json = null): TextReading {
  return {
    value,
    findings: faults.map(({ at, message }) => ({
      level: 'error',
      path: '(the whole)',
      message,
      file: file.name,
      line: lineAt(file, at),
    })),
  }
}
