import { access, constants } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { botsSchema, grantFindings, grantSchema } from './config-bots.ts'
import { callLimitsSchema } from './config-calls.ts'
import { contractsSchema } from './config-contracts.ts'
import { corsSchema } from './config-cors.ts'
import { gatewaySchema } from './config-gateway.ts'
import { issuerFindings, issuersSchema } from './config-issuers.ts'
import { concurrencySchema, rateLimitFindings, rateLimitsSchema } from './config-limits.ts'
import { shapesSchema } from './config-shapes.ts'
import { validationSchema } from './config-validation.ts'
import { parseDuration } from './duration.ts'
import { provideOwnPackage } from './own-package.ts'
import { messageOf, problem } from './problem.ts'
import type { Finding } from './problem.ts'

/*
 * The vocabulary of rockpool.config.ts
 *
 * installation   a named set of hosts: where a Rockpool and its customers' API can be reached
 * service        a program behind the gateway: its contract (an OpenAPI document), how to start it, its database;
 *                or only where it is (`url`), when it runs already and nobody here starts it
 * third party    a program outside the company that a demo starts beside it; it knows nothing of Rockpool
 * check          a file of end-to-end checks, found by a glob
 * bots, grants   see config-bots.ts
 * gateway        see config-gateway.ts
 * issuers        see config-issuers.ts
 * rate limits    see config-limits.ts
 * limits         of the calls of a service, see config-calls.ts
 * telemetry      see config-telemetry.ts
 * shapes, cors   see config-shapes.ts, config-cors.ts
 * validation     see config-validation.ts
 * contracts      see config-contracts.ts
 */

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'use lower-case letters, digits and dashes, beginning with a letter')
const slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'use 2 to 63 lower-case letters, digits and dashes, beginning with a letter',
  )
const origin = z.url({
  protocol: /^https?$/,
  message: 'write an http or https URL, such as http://127.0.0.1:8470',
})
const duration = z
  .string()
  .refine((text) => attempt(() => parseDuration(text)), 'write a duration such as 30s, 5m or 1h')
const command = z
  .array(z.string().min(1))
  .min(1, 'name the program to start, such as ["node", "src/main.ts"]')

/** What the `env` of a process may be made from. */
export interface EnvironmentSources {
  /** The URL of any other process that is started here. */
  url: (process: string) => string
  /** A folder of the process's own, within the data folder. */
  data: string
}

const environment = z.union([
  z.record(z.string(), z.string()),
  z.custom<(sources: EnvironmentSources) => Record<string, string>>(
    (value) => typeof value === 'function',
    'give an object, or a function of { url, data }',
  ),
])

const installation = z.strictObject({
  gateway: origin,
  control: origin,
  /** `rockpool up` serves this installation on this machine. */
  embedded: z.boolean().default(false),
  /** A Postgres of one's own instead of the embedded one. */
  postgres: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'write a URL such as postgres://user:password@host:5432/postgres')
    .optional(),
})

const startedService = z.strictObject({
  folder: z.string(),
  contract: z.string(),
  start: command,
  database: z.boolean().default(false),
  migrations: z.string().optional(),
  consumes: z
    .array(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]*\.[a-z0-9_]+$/, 'write <service>.<event>, such as orders.order_placed'),
    )
    .default([]),
  env: environment.optional(),
  health: z.string().startsWith('/').default('/health'),
  requires: z.array(z.string()).default([]),
  deadline: duration.default('30s'),
  concurrency: concurrencySchema,
  limits: callLimitsSchema,
  shapes: shapesSchema,
  validation: validationSchema,
  cors: corsSchema,
})

const remoteService = z.strictObject({
  contract: z.string(),
  url: z
    .url({
      protocol: /^https?$/,
      message: 'write an http or https URL, such as https://api.example.test or https://example.test/v1',
    })
    .refine(isPlainUrl, 'write it without user, query and fragment'),
  production: z.boolean({
    error:
      'write production: true or production: false; nothing is assumed: true, and whatever Rockpool runs only reads there',
  }),
  deadline: duration.default('30s'),
  concurrency: concurrencySchema,
  limits: callLimitsSchema,
  shapes: shapesSchema,
  validation: validationSchema,
  cors: corsSchema,
})

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A union would tell the findings of both kinds: what is written decides which one is meant. */
const service = z.unknown().transform((value, context): ServiceConfig => {
  const isRemote = isRecord(value) && ('url' in value || 'production' in value)
  const result = (isRemote ? remoteService : startedService).safeParse(value)
  if (result.success) return result.data
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message })
  return z.NEVER
})

const thirdParty = z.strictObject({
  folder: z.string(),
  start: command,
  env: environment.optional(),
  health: z.string().startsWith('/').default('/health'),
  requires: z.array(z.string()).default([]),
})

const schema = z.strictObject({
  name,
  installations: z.record(name, installation),
  organizations: z
    .array(
      z.strictObject({
        slug,
        name: z.string().min(1).max(200),
        environment: z.enum(['production', 'sandbox']),
      }),
    )
    .default([]),
  sandboxes: z.strictObject({ parent: slug, ttl: duration.default('1h') }),
  services: z.record(name, service),
  thirdParties: z.record(name, thirdParty).default({}),
  checks: z.array(z.string().min(1)).default([]),
  bots: botsSchema.optional(),
  grants: z.array(grantSchema).max(200).default([]),
  gateway: gatewaySchema,
  issuers: issuersSchema,
  rateLimits: rateLimitsSchema,
  contracts: contractsSchema,
})

export type ConfigInput = Omit<z.input<typeof schema>, 'services'> & {
  services: Record<string, z.input<typeof startedService> | z.input<typeof remoteService>>
}
/** A service that is started here. */
export type StartedServiceConfig = z.output<typeof startedService>
/** A service that runs already: only where it is. `production`: what it does there is real. */
export type RemoteServiceConfig = z.output<typeof remoteService>
export type ServiceConfig = StartedServiceConfig | RemoteServiceConfig
export type ThirdPartyConfig = z.output<typeof thirdParty>
export type InstallationConfig = z.output<typeof installation>

/** A valid configuration; all paths in it are absolute. */
export interface Config extends z.output<typeof schema> {
  /** The absolute path of the file, and its folder. */
  file: string
  folder: string
}

/**
 * Loads and checks `rockpool.config.ts` (or .js, .mjs). All findings come at once, as `config_invalid`, each with its
 * path in the file, such as `services.catalog.start`.
 */
export async function loadConfig(path: string): Promise<Config> {
  const file = resolve(path)
  await access(file, constants.R_OK).catch(() => {
    throw problem('config_invalid', `there is no configuration at ${file}; name one with --config`)
  })
  provideOwnPackage()
  let loaded: { default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    throw problem('config_invalid', `${file} cannot be loaded: ${messageOf(error)}`, { cause: error })
  }
  if (loaded.default === undefined) {
    throw problem(
      'config_invalid',
      `${file} has no default export: write “export default defineConfig({ … })”`,
    )
  }
  return readConfig(loaded.default, file)
}

/** Checks a configuration that stands in `file`; the same findings as loadConfig. */
export async function readConfig(input: unknown, file: string): Promise<Config> {
  const result = schema.safeParse(input)
  const findings: Finding[] = result.success
    ? []
    : result.error.issues.map((issue) => ({
        path: issue.path.join('.') || '(the whole)',
        message: issue.message,
        file,
      }))
  if (!result.success) throw invalid(file, findings)

  const folder = dirname(file)
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path))
  const config: Config = { ...result.data, file, folder }
  config.services = Object.fromEntries(
    Object.entries(config.services).map(([key, value]) => [
      key,
      isRemote(value)
        ? { ...value, contract: absolute(value.contract) }
        : {
            ...value,
            folder: absolute(value.folder),
            contract: absolute(value.contract),
            ...(value.database
              ? { migrations: absolute(value.migrations ?? join(value.folder, 'migrations')) }
              : {}),
          },
    ]),
  )
  const { tls } = config.gateway
  if (tls) {
    const ca = tls.ca === undefined ? {} : { ca: absolute(tls.ca) }
    config.gateway = { ...config.gateway, tls: { cert: absolute(tls.cert), key: absolute(tls.key), ...ca } }
  }
  config.thirdParties = Object.fromEntries(
    Object.entries(config.thirdParties).map(([key, value]) => [
      key,
      { ...value, folder: absolute(value.folder) },
    ]),
  )
  findings.push(...crossFindings(config), ...(await fileFindings(config)))
  if (findings.length > 0)
    throw invalid(
      file,
      findings.map((finding) => ({ ...finding, file })),
    )
  return config
}

/** Whether a service runs elsewhere, and is only routed to. */
export function isRemote(service: ServiceConfig): service is RemoteServiceConfig {
  return 'url' in service
}

/** The services that are started here, by name. */
export function startedServices(config: Pick<Config, 'services'>): Record<string, StartedServiceConfig> {
  return Object.fromEntries(
    Object.entries(config.services).flatMap(([name, one]) => (isRemote(one) ? [] : [[name, one]])),
  )
}

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.username + url.password + url.search + url.hash === '' && !text.includes('@')
}

/** What one field alone cannot show. Pure. */
function crossFindings(config: Config): Finding[] {
  const findings: Finding[] = [
    ...grantFindings(config),
    ...issuerFindings(config),
    ...rateLimitFindings(config),
  ]
  const parent = config.organizations.find(({ slug: candidate }) => candidate === config.sandboxes.parent)
  if (config.organizations.length > 0 && !parent) {
    findings.push({
      path: 'sandboxes.parent',
      message: `“${config.sandboxes.parent}” is not among the organizations`,
    })
  }
  if (parent && parent.environment !== 'production') {
    findings.push({
      path: 'sandboxes.parent',
      message: `“${parent.slug}” is a sandbox itself; sandboxes belong to a production organization`,
    })
  }
  const started = startedServices(config)
  for (const key of Object.keys(config.services)) {
    if (config.thirdParties[key])
      findings.push({ path: `thirdParties.${key}`, message: 'a service has this name already' })
  }
  for (const [key, value] of Object.entries(started)) {
    if (value.consumes.length > 0 && !value.database) {
      findings.push({
        path: `services.${key}.consumes`,
        message: 'a consumer needs a database for its inbox: add database: true',
      })
    }
    for (const [index, type] of value.consumes.entries()) {
      const source = type.split('.')[0]!
      if (!started[source]?.database) {
        findings.push({
          path: `services.${key}.consumes.${index}`,
          message: `no service “${source}” with a database publishes it`,
        })
      }
    }
  }
  return findings
}

async function fileFindings(config: Config): Promise<Finding[]> {
  const wanted = [
    ...Object.entries(config.services).map(([key, { contract }]) => ({
      path: `services.${key}.contract`,
      file: contract,
    })),
    ...Object.entries(startedServices(config)).flatMap(([key, { folder, migrations }]) => [
      { path: `services.${key}.folder`, file: folder },
      ...(migrations ? [{ path: `services.${key}.migrations`, file: migrations }] : []),
    ]),
    ...Object.entries(config.thirdParties).map(([key, { folder }]) => ({
      path: `thirdParties.${key}.folder`,
      file: folder,
    })),
  ]
  const missing = await Promise.all(
    wanted.map(({ file }) =>
      access(file).then(
        () => false,
        () => true,
      ),
    ),
  )
  return wanted
    .filter((_, index) => missing[index])
    .map(({ path, file }) => ({ path, message: `there is nothing at ${file}` }))
}

function invalid(file: string, findings: Finding[]) {
  return problem(
    'config_invalid',
    `${file} has ${findings.length === 1 ? 'one finding' : `${findings.length} findings`}`,
    { findings },
  )
}

function attempt(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
