import { z } from 'zod'
import { bytes, mostBytes, operation, pageOf, pageQuery } from '../../kernel/index.ts'
import { deeds, rules } from '../differences/index.ts'
import { driftKinds } from '../traffic/index.ts'

const time = z.iso.datetime()
const service = z.string().min(1).max(100)
const ofService = z.strictObject({ service })
const selector = z
  .string()
  .min(1)
  .max(200)
  .describe('1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash>')
const isRule = (id: string) => rules.has(id)
const flag = z.stringbool().default(false)

const version = z
  .object({
    id: z.number(),
    service: z.string(),
    address: z.string().describe('the hash of its contents'),
    name: z.string().nullable().describe('null: nobody gave it one'),
    kind: z.enum(['version', 'revision']).nullable(),
    branch: z.string().nullable(),
    branchEndsAt: time.nullable(),
    pushedBy: z.string(),
    pushedAt: time,
    note: z.string().nullable(),
    title: z.string(),
    infoVersion: z.string().describe('`info.version`, as it is written'),
    format: z.enum(['Swagger 2.0', 'OpenAPI 3.0', 'OpenAPI 3.1', 'OpenAPI 3.2', 'api.json', 'service.json']),
    operations: z.number(),
    schemas: z.number(),
    running: z
      .array(z.object({ release: z.string().nullable(), since: time }))
      .describe('in production now; release null: at the service’s own address'),
  })
  .meta({ id: 'ContractVersion' })

const counts = z.record(z.string(), z.number()).describe('differences by weight')

const base = z.object({
  address: z.string(),
  name: z.string(),
  because: z.enum(['production', 'earlier']),
  release: z.string().nullable(),
})

const difference = {
  fingerprint: z.string().describe('of rule, place and values: not of wording, lines or order'),
  rule: z.string(),
  operation: z.string().nullable().describe('null: it is in what operations share'),
  place: z.string(),
  sentence: z.string(),
}

const met = z
  .union([
    z.object({
      deed: z.enum(deeds),
      organizations: z.number().describe('at least so many, where isMore'),
      isMore: z.boolean(),
      calls: z.number(),
      firstSeen: z.iso.date(),
      lastSeen: z.iso.date(),
      names: z.array(z.string()).describe('ten at most, those with the most calls first'),
      days: z.number(),
      today: z.iso.date(),
    }),
    z.templateLiteral(['nobody in ', z.number(), ' days']),
    z.literal('unknown').describe('there is no evidence, or not for long enough'),
  ])
  .meta({ id: 'ContractMet' })

const whom = {
  traffic: met.nullable().describe('whom it meets in production; null: nobody watches'),
  met: z.string().nullable().describe('the same in words; null: there is nothing to say'),
}

const ofDifference = {
  uses: z.array(z.string()).describe('operations that meet it, some of them'),
  usesInAll: z.number(),
  advice: z.string().nullable().describe('how to keep what was promised'),
  ...whom,
}

const breaks = z
  .object({
    ...difference,
    ...ofDifference,
    file: z.string().nullable(),
    line: z.number().nullable(),
    approval: z.string().nullable(),
  })
  .meta({ id: 'ContractBreak' })

const approval = z
  .object({
    id: z.string(),
    service: z.string(),
    fingerprint: z.string(),
    base: z.string().nullable().describe('what ran in production when it was approved'),
    reason: z.string(),
    approvedBy: z.string(),
    approvedAt: time,
    endsAt: time.nullable(),
    revokedBy: z.string().nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ContractApproval' })

const place = z
  .object({
    file: z.string(),
    line: z.number(),
    pointer: z.string(),
    lines: z
      .array(z.object({ line: z.number(), text: z.string().describe('200 characters at most') }))
      .describe('as they were pushed, less the indentation that all of them have; empty without `lines`'),
  })
  .nullable()
  .describe('null: this side says nothing of it')

const toldDifference = z
  .object({
    weight: z.string(),
    wire: z.enum(['breaks', 'may break', 'keeps']),
    source: z.enum(['breaks', 'keeps']),
    meaning: z.enum(['changes', 'keeps']),
    ...difference,
    ...ofDifference,
    before: place,
    after: place,
    approval: approval.nullable().describe('what lets it pass now'),
  })
  .meta({ id: 'ContractDifference' })

const watcher = z
  .object({
    id: z.string(),
    service: z.string(),
    watchedBy: z.string(),
    consumer: z.string().nullable().describe('the service that calls it, for which somebody watches'),
    since: time,
    to: z.string().nullable().describe('where notices are sent, without its query; null: nowhere'),
    goneAt: time.nullable().describe('since when nothing is sent there any more, because it answered 410'),
  })
  .meta({ id: 'ContractWatcher' })

const delivery = z
  .object({
    state: z.enum(['waiting', 'told', 'given up']),
    attempts: z.number().describe('that were begun'),
    toldAt: time.nullable(),
    nextAt: time.nullable().describe('when it is tried next; null: it is over'),
    failure: z.string().nullable().describe('why the last attempt failed that did'),
    failedAt: time.nullable(),
  })
  .meta({ id: 'ContractDelivery' })

const notice = z
  .object({
    id: z.number(),
    watcher,
    push: z.object({
      service: z.string(),
      address: z.string(),
      name: z.string().nullable(),
      pushedBy: z.string(),
      pushedAt: time,
    }),
    base: z.string().describe('address of what it was compared with'),
    counts,
    differences: z.array(z.object({ weight: z.string(), ...difference })).describe('the worst, 50 at most'),
    delivery: delivery.nullable().describe('what became of it at the watcher’s address; null: it had none'),
  })
  .meta({ id: 'ContractNotice' })

export const pushContract = operation({
  id: 'contracts.push',
  method: 'POST',
  path: '/contracts/{service}/versions',
  summary: 'Keep a contract as a version of its service',
  description:
    'The body is a bundle, `{ "main": <name>, "files": { <name>: <text> } }`. It is compared with what runs in production, else with the newest earlier version; what breaks callers is refused (`contract_breaks`), unless the version says so or each such difference is approved. The same again changes nothing.',
  scope: 'write',
  params: ofService,
  query: z.strictObject({
    version: z.string().min(1).max(100).optional().describe('a semantic version; default: info.version'),
    revision: z.string().min(1).max(100).optional().describe('a git revision, instead of a version'),
    branch: z.string().min(1).max(100).optional().describe('a name that moves; it is not judged'),
    until: time.optional().describe('the end of the branch; default: in 30 days'),
    note: z.string().min(1).max(1_000).optional(),
    dryRun: flag.describe('nothing is kept and nothing refused: the answer says what would be'),
  }),
  body: bytes({ types: ['application/json'], limit: mostBytes }),
  answers: {
    200: z.object({
      version: version.nullable().describe('null: nothing was kept'),
      isNew: z.boolean().describe('false: it was there'),
      comparedWith: z.array(base),
      counts,
      breaks: z.array(breaks).describe('those that nobody approved first, 200 at most'),
      openBreaks: z.number().describe('how many of them nobody approved'),
      refusal: z
        .object({
          detail: z.string(),
          findings: z.array(
            z.object({
              path: z.string(),
              message: z.string(),
              file: z.string().exactOptional(),
              line: z.number().exactOptional(),
            }),
          ),
        })
        .nullable()
        .describe('of a dry run: why it would be refused'),
    }),
  },
})

export const listContracts = operation({
  id: 'contracts.list',
  method: 'GET',
  path: '/contracts',
  summary: 'List the services that have contracts, with the latest version and what runs in production',
  scope: 'read',
  query: pageQuery,
  answers: {
    200: pageOf(
      z.object({
        service: z.string(),
        latest: version.nullable(),
        production: z.array(version),
        pushes: z.number(),
      }),
    ),
  },
})

export const listVersions = operation({
  id: 'contracts.history',
  method: 'GET',
  path: '/contracts/{service}/versions',
  summary: 'List what was pushed for a service, the newest first',
  scope: 'read',
  params: ofService,
  query: pageQuery,
  answers: {
    200: pageOf(version).extend({
      production: z
        .array(version)
        .describe('what runs, whether it is on this page or not; what began last first'),
    }),
  },
})

export const getVersion = operation({
  id: 'contracts.get',
  method: 'GET',
  path: '/contracts/{service}/versions/{version}',
  summary: 'Get a version of a contract',
  scope: 'read',
  params: z.strictObject({ service, version: selector }),
  answers: { 200: version },
})

export const getBundle = operation({
  id: 'contracts.bundle',
  method: 'GET',
  path: '/contracts/{service}/versions/{version}/bundle',
  summary: 'Get the files of a version, as they were pushed',
  scope: 'read',
  params: z.strictObject({ service, version: selector }),
  answers: { 200: bytes({ types: ['application/json'], limit: mostBytes }) },
})

export const compareVersions = operation({
  id: 'contracts.compare',
  method: 'GET',
  path: '/contracts/{service}/differences',
  summary: 'Tell how two versions of a contract differ',
  scope: 'read',
  params: ofService,
  query: z.strictObject({
    from: selector,
    to: selector,
    only: z
      .enum(['breaks', 'code', 'meaning'])
      .optional()
      .describe('what breaks callers or may, what breaks generated code, what says something else'),
    operation: z.string().min(1).max(2_000).optional().describe('such as `GET /pets`: what this one meets'),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{16,64}$/, 'must be 16 to 64 hexadecimal digits, in lower case')
      .optional()
      .describe('the one difference, or the first 16 digits of it'),
    lines: flag.describe('with the lines of the documents around each place'),
    cursor: z.string().max(64).optional().describe('`next` of the page before'),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(200)
      .describe('differences that are told, the worst first'),
  }),
  answers: {
    200: z.object({
      from: version,
      to: version,
      counts,
      aspects: z
        .object({ breaks: z.number(), code: z.number(), meaning: z.number() })
        .describe('differences that break callers or may, break generated code, say something else'),
      operations: z
        .array(z.object({ operation: z.string(), differences: z.number() }))
        .describe('that meet any, in the order of their paths, 1,000 at most'),
      operationsInAll: z.number(),
      matching: z.number().describe('how many are as they were asked for'),
      before: z.number().describe('how many of these stand before this page'),
      differences: z.array(toldDifference),
      next: z.string().nullable(),
    }),
  },
})

const weighable = z.object({
  fingerprint: z.string().min(1).max(100),
  rule: z.string().max(200).refine(isRule, 'is no rule'),
  place: z.string().max(10_000),
  details: z.record(z.string(), z.json()),
  uses: z
    .array(z.object({ operation: z.object({ method: z.string().max(100), path: z.string().max(10_000) }) }))
    .max(10_000)
    .describe('operations that meet it'),
})

export const weighDifferences = operation({
  id: 'contracts.weigh',
  method: 'POST',
  path: '/contracts/{service}/weights',
  summary: 'Tell whom differences meet, by what gateways saw of the service',
  description:
    'Of differences as `rockpool contract diff --format json` has them, wherever the versions lie. Organizations in production are counted, within 90 days.',
  scope: 'read',
  params: ofService,
  body: z.strictObject({ differences: z.array(weighable).max(200) }),
  answers: { 200: z.object({ items: z.array(z.object({ fingerprint: z.string(), traffic: met })) }) },
})

const patch = z
  .object({
    file: z.string(),
    operations: z
      .array(z.object({ op: z.literal('add'), path: z.string(), value: z.json() }))
      .describe('JSON Patch (RFC 6902)'),
    diff: z.string().nullable().describe('unified; null: the text has no place where it could be put'),
  })
  .meta({ id: 'ContractPatch' })

export const getDrift = operation({
  id: 'contracts.drift',
  method: 'GET',
  path: '/contracts/{service}/drift',
  summary: 'Tell in what a contract and its traffic are not one, with a patch that mends it',
  description:
    'Of what gateways saw within 90 days, by whomever. No value is in it but those of enums. Warnings come first.',
  scope: 'read',
  params: ofService,
  query: z.strictObject({ version: selector.default('production') }),
  answers: {
    200: z.object({
      version,
      findings: z
        .array(
          z.object({
            kind: z.enum(driftKinds),
            level: z.enum(['warning', 'info']),
            message: z.string(),
            place: z.string(),
            operations: z.array(z.string()).describe('ten at most'),
            file: z.string().nullable(),
            line: z.number().nullable(),
            times: z.number(),
            calls: z.number(),
            organizations: z.number(),
            since: z.iso.date(),
            lastSeen: z.string().nullable(),
            patch: patch.nullable().describe('null: nothing is proposed'),
            unpatched: z
              .string()
              .nullable()
              .describe('why nothing is proposed for what was seen; null: something is, or nothing was seen'),
          }),
        )
        .describe('1,000 at most'),
      patches: z.array(patch).describe('all that is proposed, for each file at once'),
    }),
  },
})

export const approveBreaks = operation({
  id: 'contracts.approve',
  method: 'POST',
  path: '/contracts/{service}/approvals',
  summary: 'Let differences break callers, by their fingerprints',
  scope: 'write',
  params: ofService,
  body: z.strictObject({
    fingerprints: z
      .array(z.string().regex(/^[0-9a-f]{16,64}$/, 'must be 16 to 64 hexadecimal digits, in lower case'))
      .min(1)
      .max(200)
      .describe('or the first 16 digits of them'),
    reason: z.string().trim().min(1).max(1_000),
    endsAt: time.optional().describe('from then on it lets nothing pass any more'),
  }),
  answers: { 201: z.object({ items: z.array(approval) }) },
})

export const listApprovals = operation({
  id: 'contracts.listApprovals',
  method: 'GET',
  path: '/contracts/{service}/approvals',
  summary: 'List the approvals of a service, ended and revoked ones too',
  scope: 'read',
  params: ofService,
  query: pageQuery,
  answers: { 200: pageOf(approval) },
})

export const revokeApproval = operation({
  id: 'contracts.revokeApproval',
  method: 'DELETE',
  path: '/contracts/{service}/approvals/{approval}',
  summary: 'Revoke an approval: it stays as a record, and lets nothing pass any more',
  scope: 'write',
  params: z.strictObject({ service, approval: z.string().min(1).max(100) }),
  answers: { 200: approval },
})

export const watchContract = operation({
  id: 'contracts.watch',
  method: 'POST',
  path: '/contracts/{service}/watchers',
  summary: 'Watch a service, for oneself or for a consumer of it',
  description:
    'Who does already goes on as before, and keeps its address unless another one is given. With `to` each notice is sent there by POST, at least once, signed as the Standard Webhooks say.',
  scope: 'write',
  params: ofService,
  body: z.strictObject({
    consumer: service.optional().describe('the service that calls it'),
    to: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe(
        'where notices are sent: a URL of an origin that `contracts.notify` of the configuration names',
      ),
  }),
  answers: {
    200: watcher.extend({
      secret: z
        .string()
        .nullable()
        .describe('signs what is sent (Standard Webhooks); shown once, when an address is given or changed'),
    }),
  },
})

export const listWatchers = operation({
  id: 'contracts.listWatchers',
  method: 'GET',
  path: '/contracts/{service}/watchers',
  summary: 'List who watches a service',
  scope: 'read',
  params: ofService,
  answers: {
    200: z.object({
      items: z.array(
        watcher.extend({
          last: delivery
            .extend({ notice: z.number(), version: z.string().nullable(), address: z.string() })
            .nullable()
            .describe('what became of the newest notice that was sent to its address'),
        }),
      ),
    }),
  },
})

export const unwatchContract = operation({
  id: 'contracts.unwatch',
  method: 'DELETE',
  path: '/contracts/{service}/watchers/{watcher}',
  summary: 'Watch no longer; what was told goes with it',
  scope: 'write',
  params: z.strictObject({ service, watcher: z.string().min(1).max(100) }),
  answers: { 204: null },
})

export const listNotices = operation({
  id: 'contracts.notices',
  method: 'GET',
  path: '/contract-notices',
  summary: 'List what watchers were told of pushes, the newest first',
  scope: 'read',
  query: pageQuery.extend({
    service: service.optional(),
    consumer: service.optional(),
    mine: flag.describe('told to the caller alone'),
  }),
  answers: { 200: pageOf(notice) },
})
