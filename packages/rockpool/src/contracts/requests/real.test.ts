import { describe, expect, test } from 'vitest'
import { requestsOf } from '../../../test/support/contract-requests.ts'
import { realDocument } from '../../../test/support/contracts.ts'
import { loadContract } from '../load.ts'
import type { Contract } from '../types.ts'

const adyen = realDocument('adyen-checkout70.json')
const stripe = realDocument('stripe-2022-04-12.json')
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

async function load(file: string): Promise<Contract> {
  const reading = await loadContract(file)
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 3)))
  return reading.contract
}

test.skipIf(!adyen.isHere)('every request that Adyen gives as an example keeps to its contract', async () => {
  const contract = await load(adyen.file)
  const read = requestsOf(contract)
  let count = 0
  for (const operation of contract.operations)
    for (const { name, examples } of operation.body?.content ?? [])
      for (const { value } of examples) {
        count += 1
        const { findings } = read(operation, {
          headers: { 'Content-Type': name },
          body: JSON.stringify(value),
        })
        expect(findings.filter((finding) => finding.in === 'body')).toEqual([])
      }
  expect(count).toBe(54)
})

describe.skipIf(!stripe.isHere)('requests to Stripe', () => {
  const contract = stripe.isHere ? load(stripe.file) : undefined
  const readerFor = async (method: string, path: string) => {
    const { operations, schemas } = (await contract)!
    const operation = operations.find((one) => one.method === method && one.path === path)!
    return requestsOf({ schemas } as Contract).bind(null, operation)
  }

  test('have the types of the contract, as forms', async () => {
    const read = await readerFor('POST', '/v1/charges')
    const body =
      'amount=2000&currency=usd&capture=false&metadata[order]=6735&expand[]=customer&expand[1]=invoice' +
      '&shipping[address][line1]=a+b&shipping[name]=N&card=tok_1'
    expect(read({ headers: form, body })).toMatchObject({
      findings: [],
      body: {
        amount: 2000,
        currency: 'usd',
        capture: false,
        metadata: { order: '6735' },
        expand: ['invoice', 'customer'],
        shipping: { address: { line1: 'a b' }, name: 'N' },
        card: 'tok_1',
      },
    })
  })

  test('have the types of the contract, in the query', async () => {
    const read = await readerFor('GET', '/v1/customers')
    expect(read({ query: 'limit=10&created[gte]=1600000000&expand[]=data' })).toMatchObject({
      findings: [],
      parameters: { query: { limit: 10, created: { gte: 1_600_000_000 }, expand: ['data'] } },
    })
    expect(read({ query: 'created=1600000000' }).parameters.query).toEqual({ created: 1_600_000_000 })
    expect(read({ query: 'created[gte]=x&limit=y' }).findings).toHaveLength(2)
  })

  test('are read by each of its operations, whatever is sent', async () => {
    const { operations, schemas } = (await contract)!
    const read = requestsOf({ schemas } as Contract)
    for (const operation of operations) {
      const { findings } = read(operation, {
        query: '__proto__=1&limit=x&expand[b][]=1',
        headers: form,
        body: 'a[b]=1&expand=x',
      })
      for (const { message } of findings) expect(message).not.toBe('')
    }
    expect(operations).toHaveLength(417)
  })
})
