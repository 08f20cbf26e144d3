import { shorten } from '../nodes.ts'
import type { Report } from '../nodes.ts'
import type { EnumType, Service } from '../service.ts'
import { checkDistinct, checkName } from './distinct.ts'

/** The service, the names of its types, and its enums. */
export function checkNames(service: Service, report: Report): void {
  const { at, name, baseUrl, annotations } = service
  if (!/^[a-zA-Z]/.test(name))
    report.broken(at, `the name “${shorten(name)}” must begin with a letter`, 'name')
  if (baseUrl?.endsWith('/')) report.broken(at, 'must not end in “/”', 'base_url')
  checkTypeNames(service, report)
  for (const one of service.enums) checkEnum(one, report)
  for (const annotation of annotations) checkName(report, annotation.at, annotation.name, 'the annotation')
  checkDistinct(report, annotations, 'the annotation')
}

/** No two types have one name, but for a union and an interface that it lists. */
function checkTypeNames(service: Service, report: Report): void {
  const seen = new Map<string, string>()
  for (const kind of ['enum', 'interface', 'model', 'union'] as const)
    for (const type of service[`${kind}s`]) {
      checkName(report, type.at, type.name, `the ${kind}`)
      const plain = type.name.toLowerCase()
      const other = seen.get(plain)
      const isListed =
        kind === 'union' &&
        service.unions.some((union) => union === type && union.interfaces.includes(type.name))
      if (other === undefined) seen.set(plain, kind)
      else if (other !== 'interface' || !isListed)
        report.impossible(
          type.at,
          other === 'interface' && kind === 'union'
            ? `“${shorten(type.name)}” is an interface, too: the union must list it, or have another name`
            : `“${shorten(type.name)}” is the name of ${other === kind ? 'another' : 'the'} ${other}, too`,
        )
    }
}

function checkEnum({ at, name, values }: EnumType, report: Report): void {
  if (values.length === 0) report.impossible(at, `the enum ${shorten(name)} must have a value`, 'values')
  for (const value of values) checkName(report, value.at, value.name, 'the value')
  checkDistinct(report, values, 'the value')
  const onWire = values.filter(({ name, value }) => name !== value)
  if (onWire.length > 0)
    checkDistinct(
      report,
      values.map(({ at, value }) => ({ at, name: value })),
      'the value on the wire',
    )
}
