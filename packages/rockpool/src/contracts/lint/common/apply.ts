import { BaseResolver, ResolveError, Source, createConfig, lintDocument } from '@redocly/openapi-core'
import type { Plugin } from '@redocly/openapi-core'
import { fileOfReference } from '../../openapi/documents.ts'
import type { Json } from '../../types.ts'

/** What is told where: all that leaves the package. */
export interface Problem {
  rule: string
  level: 'error' | 'warning'
  message: string
  /** Names that are near what is misspelt. */
  near: string[]
  file: string | undefined
  /** Such as `#/paths/~1a`. */
  pointer: string | undefined
}

/** What goes to the package: values by the names of their files, and its own form of settings. */
export interface Work {
  file: string
  files: ReadonlyMap<string, Json>
  rules: Record<string, { severity: 'error' | 'warn' }>
}

/**
 * What the package says of a flow for devices (OpenAPI 3.2) names a type that it does not have: with such a flow in a
 * document no rule would be applied. Its scopes are those of any other flow.
 */
const mended: Plugin = {
  id: 'mended',
  typeExtension: {
    oas3(types) {
      const { DeviceAuthorization: flow, AuthorizationCode: other } = types
      const scopes = other?.properties['scopes']
      if (flow === undefined || scopes === undefined) return types
      return { ...types, DeviceAuthorization: { ...flow, properties: { ...flow.properties, scopes } } }
    },
  },
}

/** So many are told of one rule; nobody reads more. */
const mostOfRule = 1_000

/** Applies rules of @redocly/openapi-core to values that were read already. It gets no way to the network or the disk. */
export async function applyCommon({ file, files, rules }: Work): Promise<Problem[]> {
  const known = new Map([...files].map(([name, parsed]) => [name, { source: new Source(name, ''), parsed }]))
  class KnownFiles extends BaseResolver {
    override resolveExternalRef(base: string | null, reference: string): string {
      return fileOfReference(reference, base ?? file) ?? base ?? file
    }
    override loadExternalRef(name: string): Promise<never> {
      return Promise.reject(new ResolveError(new Error(`${name} is not read`)))
    }
    override async resolveDocument<T>(base: string | null, reference: string) {
      const name = this.resolveExternalRef(base, reference)
      const document = known.get(name)
      if (document === undefined) throw new ResolveError(new Error(`${name} is not read`))
      return document as { source: Source; parsed: T }
    }
  }
  const config = await createConfig({ rules }, { plugins: [mended] })
  const document = known.get(file)!
  const problems = await lintDocument({ document, config, externalRefResolver: new KnownFiles() })
  const counts = new Map<string, number>()
  return problems.flatMap(({ ruleId, message, severity, location: [at], suggest }): Problem[] => {
    const count = (counts.get(ruleId) ?? 0) + 1
    counts.set(ruleId, count)
    if (count > mostOfRule) return []
    return [
      {
        rule: ruleId,
        level: severity === 'error' ? 'error' : 'warning',
        message,
        near: suggest.slice(0, 3),
        file: at?.source.absoluteRef,
        pointer: at?.pointer,
      },
    ]
  })
}
