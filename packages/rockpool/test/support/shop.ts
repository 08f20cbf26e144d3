import { copyShop } from './installation.ts'
import type { Installation, TestShop } from './installation.ts'

/** A copy of the shop whose bot has no grant: for those who count what happens in production. */
export async function copyShopWithoutBots(): Promise<TestShop> {
  const copy = await copyShop()
  await copy.patch('rockpool.config.ts', "      bot: 'order and cancel',\n", "      bot: 'nobody',\n")
  return copy
}

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
  const { items } = await installation.api<{ items: ListedService[] }>('GET', '/services')
  const found = items.find((service) => service.name === name)
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
  const made = await installation.api<{ sandbox: { slug: string }; key: string }>('POST', '/sandboxes', {
    parent: 'harbor',
  })
  return { organization: made.sandbox.slug, key: made.key }
}

export interface ListedSandbox {
  slug: string
  state: 'active' | 'deleting' | 'deleted' | 'residue'
  run: string | null
}

/** The newest 200 sandboxes, deleted ones too. */
export async function sandboxes(installation: Installation): Promise<ListedSandbox[]> {
  return (await installation.api<{ items: ListedSandbox[] }>('GET', '/sandboxes?limit=200')).items
}

export interface Receipt {
  complete: boolean
  services: { service: string; tables: { table: string; before: number | null; after: number }[] }[]
}

export function receiptOf(installation: Installation, sandbox: string): Promise<Receipt> {
  return installation.api<Receipt>('GET', `/sandboxes/${sandbox}/receipt`)
}

export interface LedgerLine {
  method: string
  path: string
  status: number | null
  location: string | null
  resource: string | null
}

export async function ledgerOf(installation: Installation, sandbox: string): Promise<LedgerLine[]> {
  return (await installation.api<{ items: LedgerLine[] }>('GET', `/ledger?limit=200&sandbox=${sandbox}`))
    .items
}

export async function liveKey(
  installation: Installation,
  organization = 'harbor',
): Promise<{ id: string; text: string }> {
  const made = await installation.api<{ credential: { id: string }; text: string }>(
    'POST',
    `/organizations/${organization}/credentials`,
    { environment: 'production' },
  )
  return { id: made.credential.id, text: made.text }
}
