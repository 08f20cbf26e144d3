import { expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { contractOf } from '../../../test/support/contracts.ts'
import type { Json } from '../types.ts'
import { emitTypes } from './index.ts'

const text = { type: 'string' }

test('a module reads as one would write it', () => {
  const contract = contractOf({
    paths: {
      '/pets/{id}': {
        get: {
          operationId: 'getPet',
          summary: 'One pet',
          parameters: [{ name: 'id', in: 'path', required: true, description: 'Which one', schema: text }],
          responses: {
            '200': {
              description: 'It is here.',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Pet: {
          description: 'Whoever lives here.\n\nMore than one line.',
          type: 'object',
          required: ['name'],
          properties: {
            name: { ...text, examples: ['Rex'] },
            'born-at': { ...text, format: 'date-time', readOnly: true },
            size: { type: ['string', 'null'], enum: ['s', 'm', null], default: 's', deprecated: true },
          },
        },
      },
    },
  })
  expect(emitTypes(contract)).toBe(`/**
 * Things 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/pets/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getPet']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}

export type webhooks = { [key: string]: never }

export interface components {
  schemas: {
    /**
     * Whoever lives here.
     *
     * More than one line.
     */
    Pet: {
      /** @example "Rex" */
      name: string
      /**
       * Read-only: it stands in responses alone.
       * @format date-time
       */
      'born-at'?: string
      /**
       * @deprecated
       * @default "s"
       */
      size?: 's' | 'm' | null
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}

export type $defs = { [key: string]: never }

export interface operations {
  /** One pet */
  getPet: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** Which one */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** It is here. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Pet']
        }
      }
    }
  }
}

export type Pet = components['schemas']['Pet']
`)
})

test('the same contract gives the same text', () => {
  const document = { components: { schemas: { A: { properties: { b: text, a: text } }, B: text } } }
  expect(emitTypes(contractOf(document))).toBe(emitTypes(contractOf(structuredClone(document))))
})

test('what has a default is always there for those who ask for it', () => {
  const contract = contractOf({
    components: { schemas: { A: { properties: { a: { ...text, default: 'x' } } } } },
  })
  expect(emitTypes(contract)).toContain('a?: string')
  expect(emitTypes(contract, { requireDefaults: true })).toContain('a: string')
})

const words =
  'any as async await bigint boolean class const declare default delete enum export extends from get global if import ' +
  'in infer interface intrinsic is keyof let module namespace never new null number object of out override package ' +
  'private readonly require satisfies set static string symbol this true type typeof undefined unique unknown using ' +
  'var void yield Array Date Error Map Object Promise Record Symbol constructor __proto__ toString hasOwnProperty ' +
  'paths webhooks components operations $defs exports globalThis arguments eval'

test('schemas may have any name', async () => {
  const names = [...words.split(' '), 'a-b', 'a.b', '1', '', "it's", '"', '\\', 'größe', '*/', '`${x}`', '\n']
  const schemas = new Map<string, Json>(names.map((name) => [name, { properties: { [`${name}!`]: text } }]))
  // Each of them within itself, too: then it needs a type of its own.
  for (const name of names) {
    const token = name.replaceAll('~', '~0').replaceAll('/', '~1')
    schemas.set(`${name}s`, {
      type: 'array',
      items: { anyOf: [{ $ref: `#/components/schemas/${encodeURIComponent(token)}s` }, text] },
    })
  }
  const contract = contractOf({ components: { schemas: Object.fromEntries(schemas) } })
  const module = emitTypes(contract)
  const faultsOf = await compile({ 'names.ts': module })
  expect(faultsOf('names.ts')).toEqual([])
  for (const name of ['Record', 'type', 'toString', 'of'])
    expect(module).toContain(`export type ${name} = components['schemas']['${name}']`)
  for (const name of ['string', 'paths', 'class'])
    expect(module).not.toContain(`export type ${name} = components`)
})

test('nothing that a document says ends a comment or a literal', async () => {
  const evil = '*/ export const a = 1 /* \' " ` ${a} \\ \r\n \u2028 \u0000 \ud800'
  const contract = contractOf({
    info: { title: evil, version: evil },
    paths: {
      [`/${evil}`]: {
        get: {
          operationId: evil,
          summary: evil,
          description: evil,
          parameters: [{ name: evil, in: 'query', description: evil, schema: { const: evil } }],
          responses: {
            default: {
              description: evil,
              headers: { [evil]: { schema: text, description: evil } },
              content: { [evil]: { schema: { enum: [evil, [evil], { [evil]: evil }] } } },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Evil: {
          title: evil,
          description: evil,
          format: evil,
          default: evil,
          examples: [evil],
          properties: { [evil]: { description: evil, const: evil } },
          patternProperties: { [`^${evil}`]: text, '^a': text },
          required: [`${evil}!`],
        },
      },
    },
  })
  const faultsOf = await compile({
    'evil.ts': emitTypes(contract),
    'use.ts':
      "// @ts-expect-error: nothing of that name came into the module\nexport { a } from './evil.ts'\n",
  })
  expect(faultsOf('evil.ts')).toEqual([])
  expect(faultsOf('use.ts')).toEqual([])
})
