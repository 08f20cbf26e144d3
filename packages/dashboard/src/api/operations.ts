import type * as session from '../../../rockpool/src/api/session/operations.ts'
import type * as status from '../../../rockpool/src/api/status.ts'
import type * as bots from '../../../rockpool/src/bots/operations.ts'
import type * as artifacts from '../../../rockpool/src/checks/artifacts/operations.ts'
import type * as checks from '../../../rockpool/src/checks/operations.ts'
import type * as deploys from '../../../rockpool/src/deploys/operations.ts'
import type * as effects from '../../../rockpool/src/effects/operations.ts'
import type * as traffic from '../../../rockpool/src/gateway/traffic/operations.ts'
import type * as faults from '../../../rockpool/src/gateway/faults/operations.ts'
import type { Operation, OperationAnswer, OperationInput } from '../../../rockpool/src/kernel/operation.ts'
import type * as organizations from '../../../rockpool/src/organizations/operations.ts'
import type * as sandboxes from '../../../rockpool/src/sandboxes/operations.ts'

/*
 * The operations of control, as types alone: nothing of the server gets into the pages, and what a page calls is held
 * against what control declares by the compiler. A part with pages of its own adds its line to `Declared`.
 */

type Declared = typeof session &
  typeof status &
  typeof checks &
  typeof artifacts &
  typeof bots &
  typeof faults &
  typeof deploys &
  typeof effects &
  typeof organizations &
  typeof sandboxes &
  typeof traffic

type Operations = Extract<Declared[keyof Declared], Operation>

/** `GET /checks`, `POST /sandboxes`: how the pages name an operation. */
export type RouteName = `${Operations['method']} ${Operations['path']}` & keyof Table
type Table = { [O in Operations as `${O['method']} ${O['path']}`]: O }

/** The routes that only read. */
export type ReadRoute = Extract<RouteName, `GET ${string}`>

/** What an operation takes: its declared ones of `params`, `query`, `body`. */
export type Input<R extends RouteName> = OperationInput<Table[R]>
/** What it answers. */
export type Answer<R extends RouteName> = OperationAnswer<Table[R]>
/** One of the items of a list. */
export type Item<R extends RouteName> = Answer<R> extends { items: readonly (infer T)[] } ? T : never
