import type { Json } from '../../types.ts'
import { shorten } from '../nodes.ts'
import type { Report } from '../nodes.ts'
import type { Scope } from '../scope.ts'
import type { Field, ModelType, Typed } from '../service.ts'
import { nameInType, writeType } from '../type-expression.ts'
import type { TypeExpression } from '../type-expression.ts'
import { readValue } from '../values.ts'
import { checkDistinct, checkName } from './distinct.ts'

/** Fields of models and interfaces, and that models have what their interfaces have. */
export function checkModels(scope: Scope, report: Report): void {
  const annotations = scope.annotations()
  const { models, interfaces } = scope.service
  for (const { fields } of [...interfaces, ...models]) {
    checkDistinct(report, fields, 'the field')
    for (const field of fields) {
      checkName(report, field.at, field.name, 'the field')
      checkTyped(field, scope, report)
      checkAnnotations(field, annotations, scope, report)
    }
  }
  for (const model of models) checkInterfaces(model, scope, report)
}

/** What is said of fields, parameters and headers alike. */
export function checkTyped(typed: Typed, scope: Scope, report: Report): void {
  const isSound = checkType(typed.type, typed.at, scope, report)
  const { at, minimum, maximum } = typed
  if (minimum !== null && maximum !== null && minimum > maximum)
    report.broken(at, `the minimum ${minimum} must not be above the maximum ${maximum}`, 'minimum')
  if (isSound && typed.default !== undefined) checkDefault(typed, scope, report)
}

/** That there is such a type, and that values may have it. */
export function checkType(type: TypeExpression, at: object, scope: Scope, report: Report): boolean {
  const name = nameInType(type)
  const found = scope.find(name)
  if (found === undefined) report.impossible(at, `there is no type “${shorten(name)}”`, 'type')
  else if (found.kind === 'interface' || (found.kind === 'unknown' && found.of === 'interface')) {
    report.impossible(at, `${shorten(name)} is an interface: name a model or a union`, 'type')
    return false
  }
  return found !== undefined
}

function checkDefault(typed: Typed, scope: Scope, report: Report): void {
  const { at, type, minimum, maximum } = typed
  const value = readValue(type, typed.default!, scope)
  if (!value.ok) return report.broken(at, `the default ${value.fault}`, 'default')
  const size = sizeOf(type, value.value)
  if (size === null) return
  if (minimum !== null && size < minimum)
    report.broken(at, `the default is below the minimum ${minimum}`, 'default')
  if (maximum !== null && size > maximum)
    report.broken(at, `the default is above the maximum ${maximum}`, 'default')
}

/** What a minimum and a maximum are about: a number, the length of a string, the items of a list or a map; no more. */
function sizeOf(type: TypeExpression, value: Json): number | null {
  if (type.kind !== 'name') return Object.keys(value as object).length
  if (typeof value === 'number') return value
  return type.name === 'string' && typeof value === 'string' ? [...value].length : null
}

function checkAnnotations(field: Field, known: ReadonlySet<string>, scope: Scope, report: Report): void {
  const { at, annotations } = field
  checkDistinct(
    report,
    annotations.map((name) => ({ at, name })),
    'the annotation',
  )
  if (!scope.isWhole && report.format === 'api.json') return
  for (const name of annotations)
    if (!known.has(name))
      report.broken(at, `the annotation “${shorten(name)}” is not declared`, 'annotations')
}

export function checkInterfaceNames(
  type: Pick<ModelType, 'at' | 'interfaces'>,
  scope: Scope,
  report: Report,
): void {
  for (const name of type.interfaces)
    if (scope.findInterface(name) === undefined)
      report.impossible(type.at, `there is no interface “${shorten(name)}”`, 'interfaces')
}

function checkInterfaces(model: ModelType, scope: Scope, report: Report): void {
  checkInterfaceNames(model, scope, report)
  for (const name of model.interfaces) {
    const found = scope.findInterface(name)
    if (found?.kind !== 'interface' || found.home !== scope) continue
    for (const wanted of found.type.fields) {
      const field = model.fields.find((one) => one.name === wanted.name)
      const fault = faultOf(field, wanted)
      if (fault !== undefined)
        report.broken(
          field?.at ?? model.at,
          `${shorten(model.name)} implements ${shorten(name)}: its field ${shorten(wanted.name)} ${fault}`,
        )
    }
  }
}

function faultOf(field: Field | undefined, wanted: Field): string | undefined {
  if (field === undefined) return 'is missing'
  const type = writeType(wanted.type)
  if (writeType(field.type) !== type) return `must be of type ${shorten(type)}`
  if (field.required !== wanted.required) return `must be ${wanted.required ? 'required' : 'optional'}`
}
