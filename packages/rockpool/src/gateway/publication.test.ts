import { expect, test } from 'vitest'
import { credential, organization, service } from '../../test/support/gateway.ts'
import { createPublication } from './publication.ts'
import { createPublishedServices } from './published-services.ts'
import type { Route, SnapshotService } from './types.ts'

const { text: _, ...key } = credential('live')

test('what is put and dropped is told once, as it is in the end', () => {
  const publication = createPublication()
  expect(publication.take()).toBeUndefined()
  publication.put('credentials', key)
  publication.put('organizations', organization('harbor'))
  publication.drop('credentials', key.sha256)
  expect(publication.take()).toEqual({ set: { organizations: [organization('harbor')] }, removed: {} })
  publication.put('credentials', key)
  publication.put('organizations', organization('harbor'))
  expect(publication.take()).toEqual({ set: { credentials: [key] }, removed: {} })
  publication.drop('credentials', key.sha256)
  publication.drop('credentials', 'one that nobody knows')
  expect(publication.take()).toEqual({ set: {}, removed: { credentials: [key.sha256] } })
  publication.put('credentials', { ...key, run: 'run_1' })
  publication.put('credentials', key)
  expect(publication.take()).toEqual({ set: { credentials: [key] }, removed: {} })
  publication.drop('credentials', key.sha256)
  publication.put('credentials', key)
  expect(publication.take()).toBeUndefined()
})

test('what is wrong by itself is left out with a finding, takes the place of what was right, and may be mended', () => {
  const publication = createPublication()
  publication.put('credentials', key)
  publication.take()
  const wrong = { ...key, environment: null }
  publication.put('credentials', wrong)
  expect(publication.take()).toEqual({ set: {}, removed: { credentials: [key.sha256] } })
  expect(publication.findings()).toMatchObject([
    { message: expect.stringContaining('must have an environment') as string },
  ])
  expect(publication.entries().credentials).toEqual([])
  expect(publication.holds('credentials', wrong)).toBe(true)
  expect(publication.names('credentials')).toEqual([key.sha256])
  publication.put('credentials', key)
  expect(publication.findings()).toEqual([])
  expect(publication.entries().credentials).toEqual([key])
})

test('entries of a kind are replaced by others, and what stays is not told again', () => {
  const publication = createPublication()
  publication.replace('organizations', [organization('harbor'), organization('pier')])
  publication.take()
  publication.replace('organizations', [organization('pier'), organization('quay')])
  expect(JSON.parse(publication.json())).toEqual(publication.entries())
  expect(publication.take()).toEqual({
    set: { organizations: [organization('quay')] },
    removed: { organizations: ['harbor'] },
  })
})

const route = (path: string): Route => ({ method: 'GET', path, operationId: path, anonymous: false })
const routesOf = (list: SnapshotService[]) =>
  Object.fromEntries(list.map(({ name, routes }) => [name, routes.map(({ path }) => path)]))

test('a route that two services claim stays with the one that had it, and comes to the other when that one leaves', () => {
  const publication = createPublication()
  const take = createPublishedServices(publication)
  const one = service('one', { url: 'http://127.0.0.1:1', routes: [route('/a')] })
  const other = service('other', { url: 'http://127.0.0.1:2', routes: [route('/a'), route('/b')] })
  const served = () => routesOf(publication.entries().services)
  take([one])
  for (const again of [1, 2]) {
    // New in the list, before the one that was there.
    take([{ ...other }, { ...one, deadlineMs: one.deadlineMs + again }])
    expect(served()).toEqual({ one: ['/a'], other: ['/b'] })
    expect(publication.findings()).toHaveLength(1)
  }
  take([other])
  expect(served()).toEqual({ other: ['/a', '/b'] })
  expect(publication.findings()).toEqual([])
})

test('services that could not be published are published with the next reading', () => {
  const publication = createPublication()
  let fails = true
  const take = createPublishedServices({
    ...publication,
    replace: (...input) => {
      if (fails) throw new Error('not now')
      publication.replace(...input)
    },
  })
  const services = [service('one', { url: 'http://127.0.0.1:1', routes: [route('/a')] })]
  expect(() => take(services)).toThrow('not now')
  fails = false
  take(services)
  expect(routesOf(publication.entries().services)).toEqual({ one: ['/a'] })
})

test('services that did not change are not read again, and one whose routes did is', () => {
  const publication = createPublication()
  const take = createPublishedServices(publication)
  let reads = 0
  const filter = Array.prototype.filter
  const routes = [route('/a')]
  routes.filter = ((...input: Parameters<typeof filter>) => {
    reads++
    return filter.apply(routes, input)
  }) as typeof routes.filter
  const one = service('one', { url: 'http://127.0.0.1:1', routes })
  take([one])
  take([{ ...one }])
  expect(reads).toBe(1)
  take([{ ...one, routes: [route('/b')] }])
  expect(routesOf(publication.entries().services)).toEqual({ one: ['/b'] })
})
