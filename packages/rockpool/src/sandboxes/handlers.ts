import { handle, parseDuration, problem, Problem, type Caller, type Handled } from '../kernel/index.ts'
import { requireOrganization, type Organizations } from '../organizations/index.ts'
import {
  createSandbox,
  deleteSandbox,
  getReceipt,
  getSandbox,
  listLedger,
  listSandboxes,
} from './operations.ts'
import type { Sandboxes } from './sandboxes.ts'
import type { Sandbox } from './types.ts'

/** What the api part mounts. */
export function sandboxesOperations({
  sandboxes,
  organizations,
}: {
  sandboxes: Sandboxes
  organizations: Pick<Organizations, 'get'>
}): Handled[] {
  return [
    handle(createSandbox, async ({ body, caller }) => {
      await requireOrganization(organizations, caller, body.parent)
      const createdBy = caller.member ?? caller.credential
      return sandboxes.create({ parent: body.parent, ttl: readTtl(body.ttl), name: body.name, createdBy })
    }),

    handle(listSandboxes, async ({ query, caller }) => {
      if (query.parent !== undefined) await requireOrganization(organizations, caller, query.parent)
      return sandboxes.list({ ...query, parent: query.parent ?? caller.organization ?? undefined })
    }),

    handle(getSandbox, ({ params, caller }) => reach(sandboxes, caller, params.sandbox)),

    handle(deleteSandbox, async ({ params, query, caller }) => {
      const { slug } = await reach(sandboxes, caller, params.sandbox)
      const deleting = await sandboxes.delete(slug)
      return query.wait === 0 ? deleting : sandboxes.settled(slug, query.wait * 1_000)
    }),

    handle(getReceipt, async ({ params, caller }) => {
      const { slug } = await reach(sandboxes, caller, params.sandbox)
      return sandboxes.receipt(slug)
    }),

    handle(listLedger, async ({ query, caller }) => {
      const { sandbox, ...filter } = query
      if (sandbox !== undefined) await reach(sandboxes, caller, sandbox)
      return sandboxes.ledger.list({
        ...filter,
        organization: sandbox,
        parent: caller.organization ?? undefined,
      })
    }),
  ]
}

/** The sandbox, when the caller may touch it; another parent's is refused whether it exists or not. */
async function reach(sandboxes: Sandboxes, caller: Caller, slug: string): Promise<Sandbox> {
  const refused = () =>
    problem(
      'organization_not_allowed',
      `the credential is bound to “${caller.organization}” and does not allow “${slug.slice(0, 80)}”`,
    )
  const sandbox = await sandboxes.get(slug).catch((error: unknown) => {
    throw caller.organization !== null && error instanceof Problem && error.code === 'not_found'
      ? refused()
      : error
  })
  if (caller.organization !== null && sandbox.parent !== caller.organization) throw refused()
  return sandbox
}

function readTtl(text: string): number {
  try {
    return parseDuration(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : 'is not a duration'
    throw problem('invalid_input', 'the sandbox cannot be created like this', {
      findings: [{ path: 'ttl', message }],
    })
  }
}
