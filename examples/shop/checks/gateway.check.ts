import { check } from 'rockpool'
import type { Service } from 'rockpool'
import { goodCard, placeOrder } from './steps.ts'

const item = { name: 'Octant', price: 30_000, currency: 'EUR', stock: 2 }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const octets = { 'content-type': 'application/octet-stream' }
const noKey = { authorization: '' }
const badKey = { authorization: 'Bearer rp_live_nobodys' }
/** Whatever paths services have, none of them is below this one. */
const nowhere = { organization: '.rockpool' }

// What clients of the gateway rely on, as one of them sees it: by HTTP alone, in an organization that is seconds old.
check('the gateway keeps what its clients rely on', { every: '1m' }, async (fixtures) => {
  const { sandbox, api, step, expect } = fixtures
  const { updateItem, getReservation } = api.catalog
  // Called in forms that no contract has, and wrongly on purpose: of these the compiler knows the names alone.
  const { listItems, createItem } = api.catalog as unknown as Service<'listItems' | 'createItem'>

  const octant = await step(
    'a body that says it is JSON, or says nothing and is JSON, is taken, in this organization',
    async () => {
      const { status, headers, body } = await createItem({ body: item })
      expect([status, headers['location']]).toEqual([201, `/${sandbox.organization}/items/${body.id}`])
      const other = await createItem({ body: JSON.stringify(item), headers: octets })
      expect(other.status, other.body.detail).toBe(201)
      return other.body
    },
  )
  await step('JSON that says it is a form is refused, with what to say instead', async () => {
    const { status, body } = await createItem({ body: JSON.stringify(item), headers: form })
    expect(status).toBe(415)
    expect(body.detail).toContain('Content-Type: application/json')
  })
  await step('all fields that are missing are named together, with what they are missing of', async () => {
    const { status, body } = await createItem({ body: { price: item.price } })
    expect([status, body.code]).toEqual([422, 'invalid_input'])
    expect(body.findings).toHaveLength(1)
    for (const said of ['name', 'currency', 'stock', 'NewItem'])
      expect(body.findings[0].message).toContain(said)
  })
  await step('everything else that is wrong is told with it, and by its place', async () => {
    const { status, body } = await createItem({ body: { price: '1', currency: 'euro', stock: 1.5 } })
    expect(status).toBe(422)
    const places = body.findings.map(({ path }: { path: string }) => path)
    expect(places.sort()).toEqual(['body', 'body /currency', 'body /price', 'body /stock'])
    const query = await listItems({ query: { limit: 'many' } })
    expect([query.status, query.body.findings[0].path]).toEqual([422, 'query limit'])
  })
  await step('a form has the types that the contract says', async () => {
    const fields = 'name=00&price=30000&currency=EUR&stock=2'
    const { status, body } = await createItem({ body: fields, headers: form })
    expect(status, body.detail).toBe(201)
    expect([body.name, body.price, body.stock]).toEqual(['00', 30_000, 2])
    const wrong = await createItem({ body: 'name=Sextant&price=dear&currency=EUR', headers: form })
    expect(wrong.status).toBe(422)
    expect(wrong.body.findings).toHaveLength(2)
  })
  await step('a form cannot ask for a list of a million places', async () => {
    const { status, body } = await createItem({ body: 'name[999999]=a', headers: form })
    expect([status, body.code]).toEqual([422, 'invalid_input'])
  })
  await step('the path is judged before the key', async () => {
    const unknown = await listItems({ path: nowhere, headers: badKey })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'route_unknown'])
  })
  await step('so is the operation: a refusal names what the path is served for', async () => {
    const { status, headers, body } = await listItems({ query: { method: 'DELETE' }, headers: badKey })
    expect([status, body.code]).toEqual([405, 'method_not_allowed'])
    for (const method of ['GET', 'POST']) {
      expect(headers['allow']).toContain(method)
      expect(body.detail).toContain(method)
    }
  })
  await step('the key is judged before the organization, which is this one alone', async () => {
    for (const headers of [noKey, badKey]) {
      expect((await createItem({ body: item, headers })).status).toBe(401)
      expect((await updateItem({ path: { id: octant.id }, body: { price: 1 }, headers })).status).toBe(401)
      expect((await listItems({ headers })).status).toBe(401)
    }
    const foreign = await listItems({ path: { organization: 'harbor' } })
    expect([foreign.status, foreign.body.code]).toEqual([403, 'organization_not_allowed'])
    expect(foreign.body.detail).toContain(sandbox.organization)
    const own = await listItems()
    expect([own.status, own.body.items.length]).toEqual([200, 3])
  })
  await step('an answer comes in an envelope, and in a script, also one that is an error', async () => {
    const { status, body } = await listItems({ query: { envelope: 'response' } })
    expect([status, body.status, body.body.items.length]).toEqual([200, 200, 3])
    expect(body.headers['content-type'][0]).toContain('application/json')
    const wrong = await listItems({ query: { envelope: 'response', limit: 0 } })
    expect([wrong.status, wrong.body.status, wrong.body.body.code]).toEqual([200, 422, 'invalid_input'])
    for (const limit of [1, 0]) {
      const script = await listItems({ query: { callback: 'app.items', limit } })
      expect(script.headers['content-type']).toContain('application/javascript')
      const text = new TextDecoder().decode(script.body)
      expect(text).toMatch(
        limit === 1 ? /^\/\*\*\/app\.items\(\{"status":200,/ : /^\/\*\*\/app\.items\(\{"status":422,/,
      )
    }
  })
  await step('an envelope of another kind is refused with the two that there are', async () => {
    const { status, body } = await listItems({ query: { envelope: 'both' } })
    expect(status).toBe(422)
    expect(body.findings[0].message).toContain('envelope=request or envelope=response')
  })
  await step('of a request in an envelope each fault is named', async () => {
    const faults: [object, string][] = [
      [{}, 'body.method: is missing'],
      [{ method: 1 }, 'body.method: must be a text'],
      [{ method: 'FETCH' }, 'body.method: is none'],
      [{ method: 'GET', headers: 'none' }, 'body.headers: must be an object'],
    ]
    for (const [envelope, fault] of faults) {
      const { status, body } = await createItem({ query: { envelope: 'request' }, body: envelope })
      expect(status).toBe(422)
      expect(`${body.findings[0].path}: ${body.findings[0].message}`).toContain(fault)
    }
  })
  await step('a request in an envelope is answered within 10 s', () =>
    createItem({ query: { envelope: 'request' }, body: { method: 'GET' } }).until(
      ({ status, body }) => status === 200 && body.items.length === 3,
      '10s',
    ),
  )
  const order = await placeOrder(fixtures, { item: octant.id, card: goodCard })
  await step('another service knows of it within 10 s', () =>
    getReservation({ path: { order: order.id } }).until(({ status }) => status === 200, '10s'),
  )
  await step('what needs no key is open within 10 s', () =>
    api.storefront.browseItems({ headers: noKey }).until(({ status }) => status === 200, '10s'),
  )
})
