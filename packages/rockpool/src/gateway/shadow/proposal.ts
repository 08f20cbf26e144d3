import type { Judgement } from './organization.ts'

/** What goes into a rockpool.config.ts, and why. Pure. */
export function toProposal(options: { upstream: URL; document: string; organization: Judgement }): string {
  const { upstream, document, organization } = options
  const name = nameOf(upstream)
  return `// A proposal: read it, and move what is right into rockpool.config.ts.
${sentencesOf(organization)
  .map((line) => `// ${line}`)
  .join('\n')}
import { defineConfig } from 'rockpool'

export default defineConfig({
  name: '${name}',
  installations: {
    local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
  },
  organizations: [{ slug: '${name}', name: '${name}', environment: 'production' }],
  sandboxes: { parent: '${name}' },
  services: {
    api: {
      contract: ${JSON.stringify(document)},
      url: '${upstream.origin}',
      // Is what happens there real? Write production: true or production: false here; nothing is assumed.
    },
  },
  checks: ['checks/**/*.check.ts'],
})
`
}

/** Which segment or credential tells the organization, and what speaks for it. Pure. */
export function sentencesOf(organization: Judgement): string[] {
  if (organization.by === 'path')
    return [
      `Segment ${organization.position + 1} of the path tells the organization: ${organization.credentials} credentials were seen,`,
      `each with one value of it, ${organization.organizations} values in all. In the document it is {organization}.`,
    ]
  if (organization.by === 'credential')
    return [
      `The credential tells the organization, as far as was seen: no segment of the path goes with it (${organization.credentials} seen).`,
      'If a segment does, let more than one organization use the API while the shadow runs.',
    ]
  return ['Nothing tells the organization yet: no credential was seen.']
}

function nameOf({ hostname }: URL): string {
  const name = hostname
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
  return name.length >= 2 ? name : 'company'
}
