import { expect, test } from 'vitest'
import { contractIn } from '../../../../test/support/differences/schema-documents.ts'
import { observedOf, readOf, watchedFor } from '../../../../test/support/observed.ts'
import type { Json } from '../../types.ts'
import { driftOf, mergeUsage } from '../index.ts'
import type { Observer, Usage } from '../index.ts'

const text = `openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    post:
      operationId: makePet
      parameters:
        - { name: sort, in: query, schema: { enum: [asc, desc] } }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Pet' }
      responses:
        '201':
          description: It is there now
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Pet' }
        '422': { description: It is not good }
    get:
      operationId: listPets
      responses: { '204': { description: None } }
components:
  schemas:
    Pet:
      type: object
      properties:
        name: { type: string }
        kind: { type: string, enum: [cat, dog] } # fish?
        id: { type: string, readOnly: true }
`
const contract = contractIn(text, 'pets.yaml')

function usageOf(watch: (observer: Observer) => void): Usage {
  return mergeUsage(observedOf(contract, watch, '2026-11-20'), observedOf(contract, watch, '2026-11-22'))
}

const send = (body: Json) => (observer: Observer) => observer.request('makePet', 'acme', readOf(body))
const answer = (status: number, contentType: string, body: Json) => (observer: Observer) =>
  observer.response('makePet', 'acme', status, contentType, body)

const warningsOf = (usage: Usage) =>
  driftOf(contract, usage).findings.filter(({ level }) => level === 'warning')

test('a field that no schema says is told with its place, its types, how often and since when, and a patch', () => {
  const usage = usageOf((observer) => {
    send({ born: 2020, tags: ['a'] })(observer)
    answer(201, 'application/json', { name: 'Rex', born: 2020.5 })(observer)
  })
  const [born, tags] = warningsOf(usage)
  expect(born).toEqual({
    kind: 'undocumented field',
    level: 'warning',
    message: 'born is sent and answered (integer or number), and no schema says it',
    place: 'schema Pet /born',
    operations: ['POST /pets'],
    directions: ['request', 'response'],
    origin: { file: 'pets.yaml', line: 26, pointer: '/components/schemas/Pet' },
    times: 4,
    calls: 4,
    organizations: 1,
    since: '2026-11-20',
    lastSeen: '2026-11-22',
    patch: {
      file: 'pets.yaml',
      operations: [{ op: 'add', path: '/components/schemas/Pet/properties/born', value: { type: 'number' } }],
      diff: `--- a/pets.yaml
+++ b/pets.yaml
@@ -28,3 +28,5 @@
         name: { type: string }
         kind: { type: string, enum: [cat, dog] } # fish?
         id: { type: string, readOnly: true }
+        born:
+          type: number
`,
    },
    unpatched: null,
  })
  expect(tags!.patch!.operations[0]!.value).toEqual({ type: 'array', items: { type: 'string' } })
})

test('a value that an enum does not have is told where the enum stands', () => {
  const [finding, ...others] = warningsOf(usageOf(send({ kind: 'fish' })))
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    kind: 'undocumented value',
    message: 'the value "fish" is sent, and the enum does not have it',
    origin: { line: 29, pointer: '/components/schemas/Pet/properties/kind/enum' },
  })
  expect(finding!.patch!.diff).toContain('+        kind: { type: string, enum: [cat, dog, fish] } # fish?\n')
})

test('a status and a media type that are not declared; of a status with the media types it came with', () => {
  const found = warningsOf(
    usageOf((observer) => {
      answer(404, 'application/problem+json', { title: 'x' })(observer)
      answer(201, 'text/html', 'x')(observer)
      answer(422, 'application/problem+json', { title: 'x' })(observer)
    }),
  )
  expect(found.map(({ message, patch }) => [message, patch!.operations])).toEqual([
    [
      'text/html is answered, and not declared for the status 201',
      [{ op: 'add', path: '/paths/~1pets/post/responses/201/content/text~1html', value: {} }],
    ],
    [
      'the status 404 is answered, and not declared',
      [
        {
          op: 'add',
          path: '/paths/~1pets/post/responses/404',
          value: { description: 'Not Found', content: { 'application/problem+json': {} } },
        },
      ],
    ],
    [
      'application/problem+json is answered, and not declared for the status 422',
      [
        {
          op: 'add',
          path: '/paths/~1pets/post/responses/422/content',
          value: { 'application/problem+json': {} },
        },
      ],
    ],
  ])
})

test('what is declared and was never seen is told of what was watched, and nothing is proposed', () => {
  const unseen = (usage: Usage) =>
    driftOf(contract, usage).findings.flatMap(({ kind, message, place, patch }) =>
      kind === 'never seen' && patch === null ? [`${place}: ${message}`] : [],
    )
  expect(unseen({ rows: [], isCut: false })).toEqual([])
  expect(unseen(watchedFor(contract, 3))).toEqual([
    'operation: the operation is declared, and was never seen',
    'operation: the operation is declared, and was never seen',
  ])
  const called = usageOf(send({ kind: 'cat' }))
  expect(unseen(called)).toEqual([
    'operation: the operation is declared, and was never seen',
    'parameter query sort: the parameter is declared, and was never seen',
    'schema Pet /kind: the value "dog" is declared, and was never seen',
    'schema Pet /name: name is declared, and was never seen',
  ])
  // What is read-only could be seen in an answer alone.
  const answered = usageOf((observer) => {
    send({ name: 'Rex', kind: 'cat' })(observer)
    answer(201, 'application/json', { name: 'Rex', kind: 'dog' })(observer)
  })
  expect(unseen(answered)).toEqual([
    'operation: the operation is declared, and was never seen',
    'parameter query sort: the parameter is declared, and was never seen',
    'response 422: the status 422 is declared, and was never seen',
    'schema Pet /id: id is declared, and was never seen',
  ])
})

test('usage of another version says nothing of what this one does not have, or has', () => {
  const usage = usageOf(send({ born: 2020, kind: 'fish' }))
  const other = contractIn(
    text
      .replace('[cat, dog]', '[cat, dog, fish]')
      .replace('name: {', 'born: { type: integer }\n        name: {'),
    'pets.yaml',
  )
  expect(driftOf(other, usage).findings.filter(({ level }) => level === 'warning')).toEqual([])
  const renamed = contractIn(text.replaceAll('Pet', 'Animal').replaceAll('/pets', '/animals'), 'pets.yaml')
  expect(driftOf(renamed, usage)).toEqual({ findings: [], patches: [] })
})

test('OpenAPI 3.0 has null as a word of its own, and 2.0 the fields of forms among the parameters', () => {
  const old = contractIn(text.replace('3.1.0', '3.0.3'), 'pets.yaml')
  const usage = usageOf((observer) => {
    send({ born: null, mixed: 1 })(observer)
    send({ born: 'x', mixed: 'x' })(observer)
  })
  const values = driftOf(old, usage).patches[0]!.operations.map(({ value }) => value)
  expect(values).toEqual([{ type: 'string', nullable: true }, {}])
  const swagger = contractIn(
    `swagger: '2.0'
info: { title: Pets, version: 1.0.0 }
produces: [application/json]
paths:
  /pets:
    post:
      operationId: makePet
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - { name: name, in: formData, type: string }
      responses:
        '200': { description: Done }
`,
    'swagger.yaml',
  )
  const watch = (observer: Observer) => {
    send({ born: '2020' })(observer)
    answer(200, 'text/csv', 'a,b')(observer)
    answer(404, 'text/csv', 'a,b')(observer)
  }
  const sent = observedOf(swagger, watch)
  const { patches } = driftOf(swagger, sent)
  expect(patches[0]!.operations).toEqual([
    {
      op: 'add',
      path: '/paths/~1pets/post/parameters/-',
      value: { name: 'born', in: 'formData', type: 'string' },
    },
    { op: 'add', path: '/paths/~1pets/post/responses/200/schema', value: {} },
    { op: 'add', path: '/paths/~1pets/post/produces', value: ['application/json', 'text/csv'] },
    { op: 'add', path: '/paths/~1pets/post/responses/404', value: { description: 'Not Found', schema: {} } },
  ])
  const after = contractIn(patches[0]!.text!, 'swagger.yaml')
  expect(
    driftOf(after, sent)
      .findings.filter(({ level }) => level === 'warning')
      .map(({ message }) => message),
  ).toEqual([])
})
