import type { Exchange } from '../exchange.ts'
import type { Report } from '../nodes.ts'
import type { Scope } from '../scope.ts'
import { checkExchange, checkHeaders, checkResources } from './exchanges.ts'
import { checkModels } from './fields.ts'
import { checkNames } from './names.ts'
import { checkUnions } from './unions.ts'

/** What API Builder asks of a service. All that is wrong is told at once. */
export function checkRules(scope: Scope, exchanges: readonly Exchange[], report: Report): void {
  checkNames(scope.service, report)
  checkModels(scope, report)
  checkUnions(scope, report)
  checkHeaders(scope.service.headers, scope, report)
  checkResources(scope, report)
  for (const exchange of exchanges) checkExchange(exchange, scope, report)
}
