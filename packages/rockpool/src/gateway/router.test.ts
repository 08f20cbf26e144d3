import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRouter, parameterOf, parametersOf, readTarget, readTemplate } from './router.ts'
import type { Route } from './types.ts'

const route = (method: string, path: string): Route => ({ method, path, operationId: 'x', anonymous: false })

/** Literals and parameters of few names, so that templates overlap often. */
const template = fc
  .array(fc.constantFrom('a', 'b', '{x}', '{y}'), { minLength: 1, maxLength: 4 })
  .map((segments) => `/${segments.map((segment, index) => segment.replace('}', `${index}}`)).join('/')}`)
const routes = fc.array(fc.tuple(fc.constantFrom('GET', 'POST', 'PUT'), template), { maxLength: 25 })
const requestPath = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })

/** The same by brute force: all templates that fit, the most static from the left first. */
function fitting(list: Route[], segments: string[]): Route[] {
  const rank = (path: string) =>
    path
      .split('/')
      .slice(1)
      .map((segment) => (segment.startsWith('{') ? 1 : 0))
      .join('')
  return list
    .filter(({ path }) => {
      const parts = path.split('/').slice(1)
      return (
        parts.length === segments.length &&
        parts.every((part, index) => part.startsWith('{') || part === segments[index])
      )
    })
    .sort((one, other) => rank(one.path).localeCompare(rank(other.path)))
}

describe('reading a target', () => {
  test('a plain path is read as one is that has to be looked at closely', () => {
    const paths = fc.array(fc.constantFrom('a', 'B', '9', '.', '..', '-', '_', '~', '/'), { maxLength: 12 })
    fc.assert(
      fc.property(paths, (parts) => {
        const path = `/a${parts.join('')}`
        // One letter of it encoded, which is undone before anything is judged.
        expect(readTarget(path)).toEqual(readTarget(path.replace('a', '%61')))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('finding a route', () => {
  test('gives what a search through all templates gives', () => {
    fc.assert(
      fc.property(routes, requestPath, fc.constantFrom('GET', 'POST', 'PUT'), (given, segments, method) => {
        const list = given.map(([verb, path]) => route(verb, path))
        const { router } = createRouter([{ name: 's', routes: list }])
        const found = router.find(method, segments)
        const all = fitting(list, segments)
        const expected = all.find((candidate) => candidate.method === method)
        if (expected)
          expect(found).toMatchObject({ kind: 'match', match: { route: { method, path: expected.path } } })
        else if (all.length > 0) {
          const allow = new Set([...all.map((candidate) => candidate.method), 'OPTIONS'])
          if (allow.has('GET')) allow.add('HEAD')
          expect(found).toMatchObject({ kind: 'method', allow: [...allow].toSorted() })
        } else expect(found).toEqual({ kind: 'none' })
      }),
      { numRuns: 2000 },
    )
  })

  test('gives the parameters that fill the template back to the path', () => {
    fc.assert(
      fc.property(routes, requestPath, (given, segments) => {
        const { router } = createRouter([
          { name: 's', routes: given.map(([verb, path]) => route(verb, path)) },
        ])
        const found = router.find('GET', segments)
        if (found.kind !== 'match') return
        const filled = found.match.route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
          parameterOf(found.match, name)!,
        )
        expect(filled).toBe(`/${segments.join('/')}`)
      }),
    )
  })

  test('two routes of one method and shape are a finding, whatever their parameters are called', () => {
    const { findings, router } = createRouter([
      { name: 'catalog', routes: [route('GET', '/{organization}/items/{id}')] },
      {
        name: 'orders',
        routes: [route('POST', '/{organization}/items/{id}'), route('GET', '/{org}/items/{item}')],
      },
    ])
    expect(findings).toEqual([
      {
        path: 'services.orders.routes.1',
        message: 'GET /{org}/items/{item} of orders is already GET /{organization}/items/{id} of catalog',
      },
    ])
    expect(router.find('GET', ['harbor', 'items', '1'])).toMatchObject({ match: { service: 'catalog' } })
    expect(router.find('POST', ['harbor', 'items', '1'])).toMatchObject({ match: { service: 'orders' } })
  })

  test('after any replacements it finds what a router made of all that is there finds; what is undone leaves nothing', () => {
    const shape = ([method, path]: readonly [string, string]) =>
      `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      // Of one service no two have one shape: nearly all would be refused.
      routes: fc.uniqueArray(fc.tuple(fc.constantFrom('GET', 'POST'), template), {
        selector: shape,
        maxLength: 6,
      }),
      removed: fc.subarray(['a', 'b', 'c']),
      undone: fc.boolean(),
    })
    let replaced = 0
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.array(requestPath, { maxLength: 6 }),
        (steps, paths) => {
          const { router } = createRouter([])
          let there = new Map<string, Route[]>()
          for (const { name, routes: given, removed, undone } of steps) {
            const next = new Map([...there].filter(([other]) => !removed.includes(other)))
            next.set(
              name,
              given.map(([verb, path]) => route(verb, path)),
            )
            const { findings, undo } = router.replace(removed, [{ name, routes: next.get(name)! }])
            if (findings.length > 0 || undone) undo()
            else {
              there = next
              replaced += 1
            }
            const fresh = createRouter([...there].map(([other, own]) => ({ name: other, routes: own })))
            expect(fresh.findings).toEqual([])
            for (const segments of paths)
              for (const method of ['GET', 'POST', 'PUT']) {
                const [one, other] = [router.find(method, segments), fresh.router.find(method, segments)]
                if (one.kind === 'method' && other.kind === 'method') expect(one.allow).toEqual(other.allow)
                else expect(one).toEqual(other)
              }
          }
        },
      ),
      { numRuns: 500 },
    )
    expect(replaced).toBeGreaterThan(200)
  })

  test('a parameter named like a member of every object is only a parameter', () => {
    const { router } = createRouter([{ name: 's', routes: [route('GET', '/{__proto__}/{constructor}')] }])
    const found = router.find('GET', ['one', 'two'])
    expect(found.kind === 'match' && Object.entries(parametersOf(found.match))).toEqual([
      ['__proto__', 'one'],
      ['constructor', 'two'],
    ])
  })
})

describe('reading a request target', () => {
  test('never throws, and what it accepts is stable: reading it again changes nothing', () => {
    const piece = fc.constantFrom(
      '/',
      'a',
      '%41',
      '%2e',
      '.',
      '..',
      '%2F',
      '%5c',
      '\\',
      '%00',
      '%',
      '?',
      '#',
      ';',
      'é',
      '\u0000',
      '%c3%a9',
      '%ff',
      ' ',
      '//',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((parts) => `/${parts.join('')}`),
          fc.string(),
        ),
        (target) => {
          const read = readTarget(target)
          if (!read.ok) return
          expect(readTarget(read.path + read.query)).toEqual(read)
          expect(read.path).toMatch(/^\/[\x21-\x7e]*$/)
          for (const segment of read.segments) {
            // Control characters, slashes and dots are exactly what must not come out of it.
            // eslint-disable-next-line no-control-regex
            expect(segment).not.toMatch(/[\u0000-\u001f\u007f/\\]/)
            expect(['.', '..']).not.toContain(segment)
          }
          // What the service will understand is what was routed.
          const parsed = new URL(read.path + read.query, 'http://service')
          expect(parsed.pathname).toBe(read.path)
        },
      ),
      { numRuns: 5000 },
    )
  })

  test('a path that is too long or too deep is refused', () => {
    expect(readTarget(`/${'a'.repeat(5000)}`).ok).toBe(false)
    expect(readTarget(`/${'a/'.repeat(70)}a`).ok).toBe(false)
  })
})

test.each([
  ['/', []],
  ['/{organization}/items/{item-id}', [{ name: 'organization' }, 'items', { name: 'item-id' }]],
  ['/a%20b', ['a b']],
  ['/items/', ['items', '']],
  ['items', undefined],
  ['/items/{id}.json', undefined],
  ['/{a}{b}', undefined],
  ['/../x', undefined],
  ['/a//b', undefined],
  ['/a?b', undefined],
  ['/{}', undefined],
])('the template %s has the segments %j', (path, segments) => {
  expect(readTemplate(path)).toEqual(segments)
})
