import { shorten } from '../nodes.ts'
import type { Report } from '../nodes.ts'
import type { Scope } from '../scope.ts'
import type { UnionType } from '../service.ts'
import { nameInType, writeType } from '../type-expression.ts'
import type { TypeExpression } from '../type-expression.ts'
import { maxNesting, maxMembers, walkUnion } from '../union-members.ts'
import { checkDistinct, checkName } from './distinct.ts'
import { checkInterfaceNames, checkType } from './fields.ts'

const reserved: ReadonlySet<string> = new Set(['value', 'implicit'])

export function checkUnions(scope: Scope, report: Report): void {
  let left = maxMembers
  for (const union of scope.service.unions) {
    checkInterfaceNames(union, scope, report)
    checkMembers(union, scope, report)
    checkDiscriminator(union, scope, report)
    left -= checkNested(union, scope, report)
    if (left >= 0) continue
    report.impossible(
      union.at,
      `unions have more than ${maxMembers} types, those of nested ones counted each time`,
    )
    break
  }
  checkOneValue(scope.service.unions, report)
}

function checkMembers(union: UnionType, scope: Scope, report: Report): void {
  const { at, name, types, discriminator } = union
  if (types.length === 0) report.impossible(at, `the union ${shorten(name)} must have a type`, 'types')
  checkDistinct(
    report,
    types.map(({ at, type }) => ({ at, name: writeType(type) })),
    'the type',
  )
  for (const member of types) {
    if (!checkType(member.type, member.at, scope, report)) continue
    const local = nameInType(member.type)
    if (local === 'unit')
      report.broken(member.at, 'unit is no type of a union: make the field optional', 'type')
    if (!scope.isOwn(local))
      report.broken(
        member.at,
        `${shorten(local)} is imported: only a type of this service can be in its unions`,
        'type',
      )
    if (discriminator !== null) checkName(report, member.at, member.value, 'the discriminator value')
  }
  const defaults = types.filter(({ isDefault }) => isDefault)
  if (defaults.length > 1)
    report.broken(defaults[1]!.at, 'only one type of a union can be its default', 'default')
  if (discriminator === null)
    for (const member of defaults)
      report.broken(member.at, 'a union without a discriminator has no default', 'default')
}

function checkDiscriminator(union: UnionType, scope: Scope, report: Report): void {
  const { at, discriminator, types } = union
  if (discriminator === null) return
  if (reserved.has(discriminator))
    return report.broken(at, `“${discriminator}” cannot be a discriminator`, 'discriminator')
  checkName(report, at, discriminator, 'the discriminator')
  for (const { type, at } of types)
    if (hasField(type, discriminator, scope))
      report.broken(
        at,
        `${shorten(nameInType(type))} has a field ${shorten(discriminator)}, as its discriminator is called`,
        'type',
      )
}

function hasField(type: TypeExpression, name: string, scope: Scope): boolean {
  const found = scope.find(nameInType(type))
  return found?.kind === 'model' && found.type.fields.some((field) => field.name === name)
}

/** Circles, discriminators of nested unions, and values that two of their types have. Gives how many types there are. */
function checkNested(union: UnionType, scope: Scope, report: Report): number {
  const seen = new Set<string>()
  let count = 0
  walkUnion(union, scope, {
    member(member) {
      count += 1
      if (union.discriminator === null) return
      const value = member.value.toLowerCase()
      if (seen.has(value))
        report.broken(
          union.at,
          `two of its types have the discriminator value “${shorten(member.value)}”`,
          'types',
        )
      seen.add(value)
    },
    nested(other) {
      if (other.discriminator !== union.discriminator)
        report.broken(
          union.at,
          `${shorten(other.name)} is a union, too: both must have the same discriminator, or none`,
          'discriminator',
        )
    },
    circle: () => report.impossible(union.at, `the union ${shorten(union.name)} contains itself`, 'types'),
    tooDeep: () => report.impossible(union.at, `unions are nested deeper than ${maxNesting}`, 'types'),
  })
  return count
}

/** A type says the same of itself in each union that it is in. */
function checkOneValue(unions: readonly UnionType[], report: Report): void {
  const said = new Map<string, { discriminator: string | null; value: string; union: string }>()
  for (const { discriminator, types, name } of unions)
    for (const { type, value, at } of types) {
      const key = writeType(type)
      const before = said.get(key)
      if (before === undefined) said.set(key, { discriminator, value, union: name })
      else if (before.discriminator !== discriminator)
        report.broken(at, `${shorten(key)} has another discriminator in the union ${shorten(before.union)}`)
      else if (before.value !== value)
        report.broken(
          at,
          `${shorten(key)} has the discriminator value “${shorten(before.value)}” in the union ${shorten(before.union)}`,
        )
    }
}
