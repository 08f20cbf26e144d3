import type { Finding } from '../../kernel/index.ts'
import { createRouter, readTemplate } from '../router.ts'
import type { Router } from '../router.ts'
import type { SnapshotMockRoutes } from './types.ts'

/** The routes of one version, made ready once, in however many sandboxes it is mocked. */
export interface MockRouter {
  entry: SnapshotMockRoutes
  router: Router
  /** The first segments of those routes that name no organization; null stands for any. */
  unnamedStarts: ReadonlySet<string | null>
}

/** By name. */
export type MockRouters = ReadonlyMap<string, MockRouter>

/** What is wrong with the routes of a version by themselves. Pure. */
export function mockRoutesFindings({ name, service, routes }: SnapshotMockRoutes): Finding[] {
  return createRouter([{ name: service, routes }]).findings.map(({ message }) => ({
    path: `mockRoutes.${name}`,
    message,
  }))
}

/** Routes that were ready before, and are the same entry, stay as they are. @param entries without findings */
export function createMockRouters(entries: Iterable<SnapshotMockRoutes>, before?: MockRouters): MockRouters {
  const routers = new Map<string, MockRouter>()
  for (const entry of entries) {
    const known = before?.get(entry.name)
    routers.set(entry.name, known?.entry === entry ? known : toMockRouter(entry))
  }
  return routers
}

function toMockRouter(entry: SnapshotMockRoutes): MockRouter {
  const unnamedStarts = new Set<string | null>()
  for (const { path } of entry.routes) {
    const template = readTemplate(path)!
    if (template.some((segment) => typeof segment !== 'string' && segment.name === 'organization')) continue
    const first = template[0] ?? ''
    unnamedStarts.add(typeof first === 'string' ? first : null)
  }
  const { router } = createRouter([{ name: entry.service, routes: entry.routes }])
  return { entry, router, unnamedStarts }
}
