import { isApiBuilder, readApiBuilder } from './apibuilder/index.ts'
import type { ApiBuilderOptions } from './apibuilder/index.ts'
import { Findings } from './findings.ts'
import type { ContractFinding } from './findings.ts'
import { isObject } from './json-object.ts'
import { readOpenApi } from './openapi/document.ts'
import type { Sources } from './openapi/documents.ts'
import { readText } from './source/text.ts'
import type { Contract, Format, Json } from './types.ts'

export type ContractReading =
  | { ok: true; contract: Contract; format: Format; findings: ContractFinding[] }
  | { ok: false; findings: ContractFinding[] }

/** How a document is read, and what else is asked of it. */
export interface ReadOptions {
  /**
   * The document is somebody else’s and cannot be mended here: “security” that nobody understands is a warning, and asks
   * for what nobody has, so that it opens nothing.
   */
  foreign?: boolean
  /**
   * What whoever reads it asks of it beyond that it is a contract: adds findings of its own. It is called where there are
   * errors already, too, so that all come at once; then what cannot be read is missing in the contract.
   */
  demand?: (contract: Contract, format: Format, findings: Findings) => void
}

/**
 * Reads a contract that stands in one text, JSON or YAML: OpenAPI 2.0 to 3.2, API Builder's api.json and service.json. What
 * can be understood in one way only is accepted, with findings; the rest is refused, with all findings at once. Never throws
 * for what is in the text.
 * @param options `file`: its name, for findings and origins
 */
export function readContract(
  text: string,
  { file, ...options }: ReadOptions & { file: string },
): ContractReading {
  const { value, findings } = readText(text, file)
  if (findings.length > 0) return { ok: false, findings }
  return readValue(value, file, { files: new Map([[file, value]]), absent: new Map() }, options)
}

/** The same of values that were read already: `sources` has the document and those that it is spread over. */
export function readValue(
  value: Json,
  file: string,
  sources: Sources,
  { foreign = false, demand }: ReadOptions = {},
): ContractReading {
  const findings = new Findings()
  const read = readRoot(value, file, { sources, findings, foreign })
  if (read !== undefined) demand?.(read.contract, read.format, findings)
  const all = findings.inOrder()
  return read === undefined || findings.hasErrors
    ? { ok: false, findings: all }
    : { ok: true, ...read, findings: all }
}

function readRoot(
  value: Json,
  file: string,
  { sources, findings, foreign }: { sources: Sources; findings: Findings; foreign: boolean },
): { contract: Contract; format: Format } | undefined {
  if (isObject(value) && (Object.hasOwn(value, 'openapi') || Object.hasOwn(value, 'swagger')))
    return readOpenApi(value, sources, findings, foreign)
  if (isObject(value) && isApiBuilder(value)) return readApiBuilder(value, findings, importsOf(sources))
  const message =
    'is no contract: neither OpenAPI (openapi, swagger) nor API Builder (name, and models or resources)'
  findings.all.push({ level: 'error', path: '(the whole)', message, file, line: 1 })
  return undefined
}

/** What was fetched is known by the URI that an import says. */
function importsOf({ files, absent }: Sources): ApiBuilderOptions {
  return {
    imports: (uri) => {
      const value = files.get(uri)
      return isObject(value) ? value : undefined
    },
    faultOf: (uri) =>
      absent.get(uri) ?? (files.has(uri) && !isObject(files.get(uri)) ? 'it is no object' : undefined),
  }
}
