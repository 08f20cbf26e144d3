import { parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { formatOf, isApiBuilder } from '../../apibuilder/index.ts'
import type { ServiceFormat } from '../../apibuilder/index.ts'
import { isObject } from '../../json-object.ts'
import { fileOf } from '../../source/origins.ts'
import type { SourceFile } from '../../source/origins.ts'
import { readJson } from '../../source/json.ts'
import { readText } from '../../source/text.ts'
import type { Contract, Json } from '../../types.ts'

export type Generation = '2.0' | '3.0' | '3.1'

export interface SourceDocument {
  file: SourceFile
  /** Its objects and lists know where they stand. */
  value: Json
  /** Null: it is JSON. Made when it is first asked for. */
  yaml: () => Document | null
  /** Of OpenAPI; null: it is another format. */
  generation: Generation | null
  /** Of API Builder; null: it is another format, or somebody else's document that is imported. */
  service: ServiceFormat | null
}

/** The documents that a contract was read from, read once more as they were written. */
export interface SourceDocuments {
  /** Of the file in which something of the model stands; null: it was made. */
  of(at: object): SourceDocument | null
  named(file: string): SourceDocument | null
}

export function createSourceDocuments(contract: Contract): SourceDocuments {
  const known = new Map<string, SourceDocument>()
  const main = fileOf(contract)
  const ofContract = main === undefined ? null : generationOf(readText(main.text, main.name).value)

  return {
    named: (file) => known.get(file) ?? null,
    of(at) {
      const file = fileOf(at)
      if (file === undefined) return null
      let document = known.get(file.name)
      if (document === undefined) {
        const { value } = readText(file.text, file.name)
        // Parts of a document say nothing of its version.
        const generation = generationOf(value) ?? ofContract
        const service = file.name === main?.name ? serviceOf(value) : null
        document = { file, value, yaml: yamlOf(file), generation, service }
        known.set(file.name, document)
      }
      return document
    },
  }
}

function yamlOf(file: SourceFile): () => Document | null {
  let document: Document | null | undefined
  return () => {
    if (document === undefined)
      document = isJson(file) ? null : parseDocument(file.text, { uniqueKeys: false, prettyErrors: false })
    return document
  }
}

function isJson(file: SourceFile): boolean {
  return /^\s*[{[]/.test(file.text.slice(0, 1_000)) && readJson(file).faults.length === 0
}

function generationOf(root: Json): Generation | null {
  if (!isObject(root)) return null
  if (Object.hasOwn(root, 'swagger')) return '2.0'
  if (!Object.hasOwn(root, 'openapi')) return null
  // YAML takes 3.0 for the number 3.
  const version = root['openapi'] === 3 ? '3.0' : root['openapi']
  return typeof version === 'string' && /^3\.0\b/.test(version) ? '3.0' : '3.1'
}

function serviceOf(root: Json): ServiceFormat | null {
  return isObject(root) && isApiBuilder(root) ? formatOf(root) : null
}
