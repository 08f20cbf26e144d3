import type { Counted, Receipt, ReceiptService, ReceiptTable, Sandbox, Waiting } from './types.ts'

/** The owner of Rockpool's own tables in counts. */
export const ownOwner = 'rockpool'

/** Makes the receipt from two counts: before anything was erased, and after the last pass. Pure. */
export function makeReceipt(given: {
  id: string
  sandbox: Pick<Sandbox, 'slug' | 'parent' | 'run' | 'createdAt' | 'deletingAt'>
  /** ISO 8601. */
  at: string
  passes: number
  services: readonly string[]
  before: readonly Counted[]
  after: readonly Counted[]
  refusals: readonly Waiting[]
}): Receipt {
  const { sandbox, before, after } = given
  const tablesOf = (owner: string): ReceiptTable[] =>
    after.flatMap((counted) =>
      counted.owner === owner && counted.rows !== null
        ? [{ table: counted.table, before: rowsIn(before, counted), after: counted.rows }]
        : [],
    )
  const owners = new Set([...given.services, ...after.map(({ owner }) => owner)])
  owners.delete(ownOwner)
  const services = [...owners].sort().map((service): ReceiptService => ({
    service,
    tables: tablesOf(service),
    unchecked: after
      .filter(({ owner, rows }) => owner === service && rows === null)
      .map(({ table }) => table),
  }))
  return {
    id: given.id,
    sandbox: sandbox.slug,
    parent: sandbox.parent,
    run: sandbox.run,
    createdAt: sandbox.createdAt,
    deletingAt: sandbox.deletingAt ?? given.at,
    at: given.at,
    complete: after.every(({ rows }) => rows === null || rows === 0),
    passes: given.passes,
    refusals: [...given.refusals],
    services,
    rockpool: tablesOf(ownOwner),
    remains: remains(sandbox.slug, services),
  }
}

function rowsIn(before: readonly Counted[], { owner, table }: Counted): number | null {
  return before.find((counted) => counted.owner === owner && counted.table === table)?.rows ?? null
}

function remains(slug: string, services: readonly ReceiptService[]): Receipt['remains'] {
  const unchecked = services.flatMap(({ service, unchecked }) =>
    unchecked.map((table) => `${service}: ${table}`),
  )
  return [
    { what: `the slug ${slug} with its parent, run and times`, why: 'a slug is never given twice' },
    { what: 'SHA-256 hashes of its revoked credentials', why: 'a revoked credential is refused as such' },
    { what: 'its ledger: methods, paths, ids and answers’ status codes', why: 'it says what was created' },
    {
      what: 'requests to it that were kept: routes, status codes and times',
      why: 'they say what failed; they go after seven days',
    },
    {
      what: 'the history and evidence of its run',
      why: 'they are the results of checks; kept by their own rules',
    },
    {
      what: `the slug in rockpool.erased of each service's database`,
      why: 'late work for it is refused there',
    },
    { what: 'lines of log files that name it', why: 'logs are bounded by size, not erased by organization' },
    {
      what: 'bytes of deleted rows in data files, write-ahead logs and backups',
      why: 'Postgres frees them by vacuum and recycling, backups by their own expiry',
    },
    ...(unchecked.length === 0
      ? []
      : [
          {
            what: `anything in ${unchecked.join(', ')}`,
            why: 'a table without a column organization is not looked into',
          },
        ]),
  ]
}
