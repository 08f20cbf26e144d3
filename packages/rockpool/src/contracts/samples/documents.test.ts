import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ajvOf } from '../../../test/support/contract-ajv.ts'
import { realDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import { createValidator } from '../validation/index.ts'
import { createSampler } from './index.ts'

/** How many 2xx bodies each declares. */
const documents: Record<string, number> = {
  'petstore.yaml': 25,
  'adyen-checkout70.json': 27,
  'stripe-2017-09-05.json': 195,
  'stripe-2022-04-12.json': 417,
  'apibuilder-api.json': 60,
  'flow-service.json': 660,
}

for (const [name, count] of Object.entries(documents)) {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(
    `${name}: every 2xx body can be sampled, and is valid by Ajv too (skipped without the documents beside the project)`,
    { timeout: 120_000 },
    async () => {
      const reading = readContract(await readFile(file, 'utf8'), { file: name })
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 3)))
      const { contract } = reading
      const sampler = createSampler(contract, { validator: createValidator(contract) })
      const ajv = ajvOf(contract)
      let given = 0
      const faults: unknown[] = []
      for (const { id, responses } of contract.operations)
        for (const { content } of responses.filter(({ status }) => status.startsWith('2')))
          for (const { schema } of content) {
            const sample = sampler.sample(schema, { key: id, direction: 'response' })
            if (!sample.ok) faults.push([id, sample.reason])
            else if (sample.from !== 'schema') faults.push([id, sample.from])
            else if (ajv.isValid(schema, sample.value)) given += 1
            else faults.push([id, sample.value, ajv.validate(schema, sample.value).slice(0, 3)])
          }
      expect(faults.slice(0, 3)).toEqual([])
      expect(given).toBe(count)
    },
  )
}
