import { beforeAll, expect, test } from 'vitest'
import { emitTypes } from '../../src/contracts/typescript/index.ts'
import type { Schema } from '../../src/contracts/types.ts'
import { compile } from './compile.ts'
import { contractOf } from './contracts.ts'

/** What the compiler must think of the type of a schema. */
export interface TypeCase {
  says: string
  /** The one that is looked at is `T`. */
  schemas: Record<string, Schema>
  /** Values of it, as TypeScript. */
  fits: string[]
  /** Those that must not compile. */
  fails: string[]
}

export function one(says: string, schema: Schema, fits: string[], fails: string[]): TypeCase {
  return { says, schemas: { T: schema }, fits, fails }
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** A test for each case; all of them are compiled at once. */
export function holdTypes(cases: readonly TypeCase[]): void {
  let faultsOf: (file: string) => string[]

  beforeAll(async () => {
    const files: Record<string, string> = {}
    for (const [index, { schemas, fits, fails }] of cases.entries()) {
      files[`case-${index}.ts`] = emitTypes(contractOf({ components: { schemas } }))
      const values = [
        ...fits.map((value, at) => `export const fits${at}: T = ${value}`),
        ...fails.map((value, at) => `// @ts-expect-error\nexport const fails${at}: T = ${value}`),
      ]
      const head = `import type { components } from './case-${index}.ts'\ntype T = components['schemas']['T']\n`
      files[`use-${index}.ts`] = `${head}${values.join('\n')}\n`
    }
    faultsOf = await compile(files)
  })

  test.each(cases.map((each, index) => ({ ...each, index })))('$says', ({ index, fits, fails }) => {
    expect(fits.length + fails.length).toBeGreaterThan(0)
    expect(faultsOf(`case-${index}.ts`)).toEqual([])
    expect(faultsOf(`use-${index}.ts`)).toEqual([])
  })
}
