// Are our types of a contract and another generator's assignable to each other, both ways? In a shell with our sources:
//
//     npx -p openapi-typescript@7 -p typescript@5.9 openapi-typescript openapi.yaml -o theirs.ts
//     node scripts/compare-types.mjs openapi.yaml theirs.ts
//
// `--alike` leaves out what is known to differ: what has a default is there, and objects of which nothing is said are as
// those that may have no members.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { emitTypes, loadContract } from '../packages/rockpool/src/contracts/index.ts'

const isAlike = process.argv.includes('--alike')
const [contractFile, theirFile] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
if (contractFile === undefined || theirFile === undefined)
  throw new Error('usage: compare-types.mjs <contract> <theirs.ts> [--alike]')
const reading = await loadContract(contractFile)
if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
const { contract } = reading

const places = [
  ...[...contract.schemas.keys()].map((name) => ['components', 'schemas', name]),
  ...contract.operations.flatMap(({ path, method }) =>
    ['parameters', 'requestBody', 'responses'].map((part) => ['paths', path, method.toLowerCase(), part]),
  ),
]
const typeOf = ([root, ...keys]) => root + keys.map((key) => `[${JSON.stringify(key)}]`).join('')
const lines = places.flatMap((place, index) => [
  `export const ours${index} = (x: A.${typeOf(place)}): B.${typeOf(place)} => x`,
  `export const theirs${index} = (x: B.${typeOf(place)}): A.${typeOf(place)} => x`,
])

const theirs = readFileSync(theirFile, 'utf8')
const ours = emitTypes(contract, { requireDefaults: isAlike })
const anything = '{ [key: string]: unknown }'
const folder = mkdtempSync(join(tmpdir(), 'rockpool-compare-'))
const compilerOptions = {
  strict: true,
  noEmit: true,
  module: 'nodenext',
  types: [],
  allowImportingTsExtensions: true,
}
const files = {
  'ours.ts': isAlike ? ours.replaceAll('{ [key: string]: never }', anything) : ours,
  'theirs.ts': isAlike ? theirs.replaceAll('Record<string, never>', anything) : theirs,
  'check.ts': `import type * as A from './ours.ts'\nimport type * as B from './theirs.ts'\n${lines.join('\n')}\n`,
  'package.json': '{ "type": "module" }',
  'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
}

let said = ''
try {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], {
    maxBuffer: 1024 * 1024 * 1024,
    encoding: 'utf8',
  })
} catch (error) {
  said = error.stdout
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const differing = new Set()
const reasons = new Map()
let elsewhere = 0
let current = null
for (const line of said.split('\n')) {
  const at = /check\.ts\((\d+),/.exec(line)
  if (at !== null) {
    const index = Number(at[1]) - 3
    current = {
      place: places[index >> 1].join(' '),
      way: index % 2 === 0 ? 'ours → theirs' : 'theirs → ours',
    }
    differing.add(current.place)
    reasons.set(current, line.slice(line.indexOf('): error') + 3))
  } else if (line.includes('error TS')) {
    elsewhere += 1
    current = null
  } else if (current !== null && line.trim() !== '') reasons.set(current, line.trim())
}
console.log(`${places.length} types compared, ${differing.size} differ`)
if (elsewhere > 0) console.log(`${elsewhere} faults within the modules themselves`)
const byReason = Map.groupBy([...reasons], ([{ way }, reason]) => `${way}: ${reason.slice(0, 160)}`)
for (const [reason, all] of [...byReason].toSorted(([, a], [, b]) => b.length - a.length).slice(0, 30))
  console.log(`${all.length}  ${reason}  (${all[0][0].place})`)
