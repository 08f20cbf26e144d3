import { holdTypes, ref } from '../../../test/support/type-cases.ts'
import type { Schema } from '../types.ts'

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer' }
const base: Schema = {
  type: 'object',
  properties: { kind: text, id: text },
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
}

holdTypes([
  {
    says: 'a discriminator tells branches apart, by the mapping or by their names',
    schemas: {
      T: {
        oneOf: [ref('Cat'), ref('Dog')],
        discriminator: { propertyName: 'kind', mapping: { c: '#/components/schemas/Cat' } },
      },
      Cat: { properties: { kind: text, lives: count }, required: ['kind', 'lives'] },
      Dog: { properties: { barks: { type: 'boolean' } } },
    },
    fits: ["{ kind: 'c', lives: 9 }", "{ kind: 'Dog' }"],
    fails: ["{ kind: 'Cat', lives: 9 }", "{ kind: 'c' }", "{ kind: 'Dog', lives: 9 }", '{ barks: true }'],
  },
  {
    says: 'in each union by its own value',
    schemas: {
      T: {
        oneOf: [ref('Cat')],
        discriminator: { propertyName: 'kind', mapping: { a: '#/components/schemas/Cat' } },
      },
      U: {
        oneOf: [ref('Cat')],
        discriminator: { propertyName: 'kind', mapping: { b: '#/components/schemas/Cat' } },
      },
      Cat: { properties: { kind: text } },
    },
    fits: ["{ kind: 'a' }"],
    fails: ["{ kind: 'b' }", "{ kind: 'c' }"],
  },
  {
    says: 'an heir has its own value, and stands for its heirs',
    schemas: {
      Base: base,
      T: { allOf: [ref('Base'), { properties: { lives: count } }] },
      Persian: { allOf: [ref('T')] },
    },
    fits: ["{ kind: 'T' }", "{ kind: 'Persian', lives: 9, id: 'x' }"],
    fails: ["{ kind: 'Base' }", '{ lives: 9 }'],
  },
  {
    says: 'an heir of an heir has its own',
    schemas: { Base: base, Cat: { allOf: [ref('Base')] }, T: { allOf: [ref('Cat')] } },
    fits: ["{ kind: 'T' }"],
    fails: ["{ kind: 'Cat' }"],
  },
  {
    says: 'a value that the branch says itself counts, not its name',
    schemas: {
      T: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
      Cat: { properties: { kind: { const: 'cat' } }, required: ['kind'] },
      Dog: { properties: { kind: { enum: [2] } }, required: ['kind'] },
    },
    fits: ["{ kind: 'cat' }", '{ kind: 2 }'],
    fails: ["{ kind: 'Cat' }"],
  },
  {
    says: 'a union within a union shares its discriminator',
    schemas: {
      T: { oneOf: [ref('Pet'), ref('Car')], discriminator: { propertyName: 'kind' } },
      Pet: { oneOf: [ref('Cat')], discriminator: { propertyName: 'kind' } },
      Cat: { properties: { kind: text } },
      Car: { properties: { kind: text } },
    },
    fits: ["{ kind: 'Cat' }", "{ kind: 'Car' }"],
    fails: ["{ kind: 'Pet' }"],
  },
])
