import { comment, key, quote } from './code.ts'

/** A service as `rockpool init` proposes it: where it runs already, or how it is started here. */
export type ProposedService = { name: string; contract: string } & (
  | { url: string; production: boolean }
  | { start: string[] }
)

export interface ProposedConfig {
  name: string
  /** Slug and name of the production organization whose sandboxes are made. */
  organization: { slug: string; name: string }
  services: readonly ProposedService[]
  /** Glob of the check files. */
  checks: string
}

/** The configuration's file. Pure. */
export function configText({ name, organization, services, checks }: ProposedConfig): string {
  return `import { defineConfig } from 'rockpool'

export default defineConfig({
  name: ${quote(name)},
  installations: {
    local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
  },
  organizations: [{ slug: ${quote(organization.slug)}, name: ${quote(organization.name)}, environment: 'production' }],
  sandboxes: { parent: ${quote(organization.slug)} },
  services: {
${services.map(serviceText).join('\n')}
  },
  checks: [${quote(checks)}],
})
`
}

/** One service of it. Pure. */
export function serviceText(service: ProposedService): string {
  const lines = [`contract: ${quote(service.contract)},`]
  if ('url' in service) {
    lines.push(`url: ${quote(service.url)},`)
    lines.push(
      service.production
        ? comment('Real: checks read here. A write by anybody but its customers is refused.')
        : comment('Not production: checks may write here.'),
      `production: ${service.production},`,
    )
  } else {
    lines.push(`folder: '.',`, `start: [${service.start.map(quote).join(', ')}],`)
    lines.push(
      comment('It listens on HOST and PORT. “health” must answer below 500 before it counts as running.'),
    )
    lines.push(`health: '/',`)
  }
  return `    ${key(service.name)}: {\n${lines.map((line) => `      ${line}`).join('\n')}\n    },`
}

/** `Example Things API` → `example-things-api`: a name as the configuration takes it. Pure. */
export function configName(text: string, fallback: string): string {
  const word = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return word.length >= 2 ? word : fallback
}
