import { adviceFor } from '../remote/origins.ts'
import type { JsonObject } from '../types.ts'
import type { Report } from './nodes.ts'
import { textsOf } from './nodes.ts'
import type { EnumType, Import, InterfaceType, ModelType, Service, UnionType } from './service.ts'
import { asPrimitive } from './type-expression.ts'
import type { Primitive } from './type-expression.ts'

/** What a name of a type leads to. */
export type Found =
  | { kind: 'primitive'; primitive: Primitive }
  | { kind: 'enum'; type: EnumType; home: Scope }
  | { kind: 'interface'; type: InterfaceType; home: Scope }
  | { kind: 'model'; type: ModelType; home: Scope }
  | { kind: 'union'; type: UnionType; home: Scope }
  /** Of an import that is not given: nothing is known but its kind. */
  | { kind: 'unknown'; of: 'enum' | 'interface' | 'model' | 'union'; name: string }

const kindsOfSegments = { enums: 'enum', interfaces: 'interface', models: 'model', unions: 'union' } as const
type Segment = keyof typeof kindsOfSegments
const qualified = /^(.+)\.(enums|interfaces|models|unions)\.(.+)$/s

/** What the names in a service lead to: its own types, and those of what it imports, by `<namespace>.models.<name>`. */
export class Scope {
  readonly service: Service
  private readonly imported: readonly Scope[]
  private readonly absent: readonly Import[]
  private readonly byName = new Map<string, Found>()
  private readonly interfaces = new Map<string, InterfaceType>()

  /** `imported`: the services that were given for its imports; `absent`: the imports that were not. */
  constructor(service: Service, imported: readonly Scope[], absent: readonly Import[]) {
    this.service = service
    this.imported = imported
    this.absent = absent
    // A union counts more than its interface of the same name, which is no type of a field.
    for (const type of service.interfaces) {
      this.byName.set(type.name, { kind: 'interface', type, home: this })
      this.interfaces.set(type.name, type)
    }
    for (const type of service.unions) this.byName.set(type.name, { kind: 'union', type, home: this })
    for (const type of service.models) this.byName.set(type.name, { kind: 'model', type, home: this })
    for (const type of service.enums) this.byName.set(type.name, { kind: 'enum', type, home: this })
  }

  /** Undefined: there is no such type. */
  find(name: string): Found | undefined {
    const primitive = asPrimitive(name)
    if (primitive !== undefined) return { kind: 'primitive', primitive }
    return this.byName.get(name) ?? this.findQualified(name)
  }

  /** An interface by its name. */
  findInterface(name: string): Found | undefined {
    const type = this.interfaces.get(name)
    if (type !== undefined) return { kind: 'interface', type, home: this }
    const found = this.findQualified(name, 'interfaces')
    return found?.kind === 'interface' || (found?.kind === 'unknown' && found.of === 'interface')
      ? found
      : undefined
  }

  /** A type that it declares itself. */
  isOwn(name: string): boolean {
    const found = this.find(name)
    return (
      found !== undefined && found.kind !== 'unknown' && (found.kind === 'primitive' || found.home === this)
    )
  }

  private findQualified(name: string, only?: Segment): Found | undefined {
    const [, namespace = '', segment, local = ''] = qualified.exec(name) ?? []
    if (segment === undefined || (only !== undefined && segment !== only)) return undefined
    const owner = [this, ...this.imported].find((scope) => scope.service.namespace === namespace)
    if (owner !== undefined) return owner.findOwn(local, segment as Segment)
    const of = kindsOfSegments[segment as Segment]
    const mayHave = (one: Import) =>
      one.namespace === null || (one.namespace === namespace && lists(one.at, segment, local))
    return this.absent.some(mayHave) ? { kind: 'unknown', of, name } : undefined
  }

  private findOwn(name: string, segment: Segment): Found | undefined {
    if (segment === 'interfaces') return this.findInterface(name)
    const found = this.byName.get(name)
    return found?.kind === kindsOfSegments[segment] ? found : undefined
  }

  /** Api.json can only be judged where all that it imports is known. */
  get isWhole(): boolean {
    return this.absent.length === 0
  }

  /** Names of the annotations that may be used. */
  annotations(): Set<string> {
    const own = this.service.annotations
    const others = this.imported.flatMap(({ service }) => service.annotations)
    return new Set([...own, ...others].map(({ name }) => name))
  }
}

/** service.json says which types an import has. */
function lists(node: JsonObject, segment: string, name: string): boolean {
  return !Array.isArray(node[segment]) || textsOf(node, segment).includes(name)
}

/** The full name of a type of another service. */
export function qualifiedName(found: Exclude<Found, { kind: 'primitive' | 'unknown' }>): string {
  const { namespace, key } = found.home.service
  return `${namespace ?? key}.${found.kind}s.${found.type.name}`
}

/** One warning for each import that is not given, whatever is used of it. */
export function tellAbsent(report: Report, absent: readonly Import[]): void {
  for (const { at, uri } of absent)
    report.doubtful(
      at,
      `${uri} is not given: its types are taken for objects of which nothing is known (${adviceFor(uri)})`,
      'uri',
    )
}
