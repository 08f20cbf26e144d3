import type { Installation } from './installation.ts'

/** What the bank, a third party, counted by itself: the independent witness of what left the company. */
export interface BankStatistics {
  cards: number
  charges: number
  refunds: number
}

interface ListedService {
  name: string
  state: string
  url: string | null
}

export async function serviceUrl(installation: Installation, name: string): Promise<string> {
  const services = await installation.json<ListedService>('service', 'list')
  const found = services.find((service) => service.name === name)
  if (!found?.url) throw new Error(`${name} has no URL: ${JSON.stringify(found)}`)
  return found.url
}

export async function bankStatistics(installation: Installation): Promise<BankStatistics> {
  const answer = await fetch(new URL('/statistics', await serviceUrl(installation, 'bank')))
  return (await answer.json()) as BankStatistics
}

export interface MadeSandbox {
  organization: string
  key: string
}

/** A sandbox of the demo's production organization, and its key. */
export async function makeSandbox(installation: Installation): Promise<MadeSandbox> {
  const [made] = await installation.json<{ sandbox: { slug: string }; key: string }>(
    'sandbox',
    'create',
    '--organization',
    'harbor',
  )
  return { organization: made!.sandbox.slug, key: made!.key }
}

export async function liveKey(
  installation: Installation,
  organization = 'harbor',
): Promise<{ id: string; text: string }> {
  const [made] = await installation.json<{ credential: { id: string }; text: string }>(
    'key',
    'create',
    '--organization',
    organization,
    '--environment',
    'production',
  )
  return { id: made!.credential.id, text: made!.text }
}
