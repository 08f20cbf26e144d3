import type { Transaction } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { markDeleting, selectSandbox } from './store.ts'
import type { DeletionCause, Sandbox } from './types.ts'

/**
 * Closes a sandbox and puts it on the keepers' list, in one transaction: from its commit on no call comes in, and
 * whatever is killed then, it will be erased.
 */
export async function closeSandbox(
  tx: Transaction,
  organizations: Organizations,
  { slug, because, now }: { slug: string; because: DeletionCause; now: Date },
): Promise<Sandbox> {
  const sandbox = await selectSandbox(tx, slug, 'for update of s')
  if (sandbox.state === 'deleting' || sandbox.state === 'deleted') return sandbox
  await organizations.setStatus(tx, slug, 'deleting')
  await organizations.revokeWhere(tx, { organization: slug })
  await markDeleting(tx, slug, because, now)
  return selectSandbox(tx, slug)
}
