import { handle, problem } from '../../kernel/index.ts'
import type { Caller, Handled } from '../../kernel/index.ts'
import { checkBundle, textOfBundle } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import {
  approveBreaks,
  compareVersions,
  getBundle,
  getDrift,
  getVersion,
  listApprovals,
  listContracts,
  listNotices,
  listVersions,
  listWatchers,
  pushContract,
  revokeApproval,
  unwatchContract,
  watchContract,
  weighDifferences,
} from './operations.ts'
import type { Registry } from './registry.ts'
import type { PushName } from './types.ts'

const byOf = ({ member, credential }: Caller) => member ?? credential

/** What the api part mounts. */
export function registryOperations({ registry }: { registry: Registry }): Handled[] {
  return [
    handle(pushContract, ({ params, query, body, caller }) => {
      const { branch, until, note = null, dryRun } = query
      if (until !== undefined && branch === undefined)
        throw problem('invalid_input', 'only a branch has an end', {
          findings: [{ path: 'query.until', message: 'name the branch, or leave it out' }],
        })
      return registry.push({
        service: params.service,
        bundle: bundleIn(body.bytes),
        name: nameIn(query),
        branch:
          branch === undefined
            ? null
            : { name: branch, endsAt: until === undefined ? null : new Date(until) },
        note,
        by: byOf(caller),
        dryRun,
      })
    }),

    handle(listContracts, ({ query }) => registry.services(query)),
    handle(listVersions, async ({ params: { service }, query }) => ({
      ...(await registry.history(service, query)),
      production: await registry.production(service),
    })),
    handle(getVersion, ({ params }) => registry.find(params.service, params.version)),

    handle(getBundle, async ({ params }) => {
      const { address } = await registry.find(params.service, params.version)
      const text = textOfBundle(await registry.bundle(address))
      return { type: 'application/json', bytes: Buffer.from(text) }
    }),

    handle(compareVersions, ({ params, query: { from, to, ...query } }) =>
      registry.compare(params.service, { from, to }, query),
    ),

    handle(weighDifferences, async ({ params, body }) => {
      const traffic = await registry.weights(params.service, body.differences)
      return { items: [...(traffic ?? [])].map(([fingerprint, met]) => ({ fingerprint, traffic: met })) }
    }),

    handle(getDrift, async ({ params, query }) => {
      const { version, drift } = await registry.drift(params.service, query.version)
      const findings = drift.findings.map(({ origin, directions: _directions, ...rest }) => ({
        ...rest,
        file: origin?.file ?? null,
        line: origin?.line ?? null,
      }))
      const patches = drift.patches.map(({ text: _text, ...patch }) => patch)
      return { version, findings, patches }
    }),

    handle(approveBreaks, async ({ params, body, caller }) => {
      const { fingerprints, reason, endsAt } = body
      const items = await registry.approve({
        service: params.service,
        fingerprints: [...new Set(fingerprints)],
        reason,
        endsAt: endsAt === undefined ? null : new Date(endsAt),
        by: byOf(caller),
      })
      return { items }
    }),
    handle(listApprovals, ({ params, query }) => registry.approvals(params.service, query)),
    handle(revokeApproval, ({ params, caller }) =>
      registry.revokeApproval(params.service, params.approval, byOf(caller)),
    ),

    handle(watchContract, ({ params, body, caller }) =>
      registry.watch({
        service: params.service,
        by: byOf(caller),
        consumer: body.consumer ?? null,
        to: body.to ?? null,
      }),
    ),
    handle(listWatchers, async ({ params }) => ({ items: await registry.watchers(params.service) })),
    handle(unwatchContract, ({ params }) => registry.unwatch(params.service, params.watcher)),
    handle(listNotices, ({ query, caller }) => {
      const { mine, ...filter } = query
      return registry.notices({ ...filter, by: mine ? byOf(caller) : undefined })
    }),
  ]
}

/** The bundle in a body. @throws Problem `malformed_request`, `invalid_input` with all findings */
function bundleIn(bytes: Uint8Array): Bundle {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw problem('malformed_request', 'the body is not JSON in UTF-8')
  }
  const findings = checkBundle(value)
  if (findings.length > 0) throw problem('invalid_input', 'the body is no bundle', { findings })
  return value as Bundle
}

function nameIn({
  version,
  revision,
}: {
  version?: string | undefined
  revision?: string | undefined
}): PushName | null {
  if (version !== undefined && revision !== undefined)
    throw problem('invalid_input', 'a push has one name', {
      findings: [{ path: 'query.revision', message: 'give a version or a revision' }],
    })
  if (version !== undefined) return { kind: 'version', name: version }
  return revision === undefined ? null : { kind: 'revision', name: revision }
}
