// `npm run campaign -- <name>`: the same proofs as `npm test`, at the full counts of packages/rockpool/test/support/counts.ts.
// What it said is kept, with its date, machine and commit, in docs/campaigns/.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { campaigns } from './campaigns.mjs'

const [name = '', ...more] = process.argv.slice(2)
const filters =
  name === 'all' ? Object.values(campaigns).flat() : /** @type {Record<string, string[]>} */ (campaigns)[name]
if (!filters || more.length > 0) {
  console.error(`npm run campaign -- <name>\ncampaigns: ${[...Object.keys(campaigns), 'all'].join(', ')}`)
  process.exit(2)
}

const started = new Date()
const env = { ...process.env, ROCKPOOL_CAMPAIGN: 'full', NO_COLOR: '1' }
const child = spawn('vitest', ['run', '--reporter=verbose', ...filters], {
  env,
  stdio: ['inherit', 'pipe', 'pipe'],
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill('SIGTERM'))
let said = ''
for (const [from, to] of /** @type {const} */ ([
  [child.stdout, process.stdout],
  [child.stderr, process.stderr],
])) {
  from.on('data', (chunk) => {
    to.write(chunk)
    said += chunk
  })
}
const code = await new Promise((resolve) =>
  child.on('close', (status, signal) => resolve(signal ? 130 : (status ?? 1))),
)

const commit = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).stdout.trim()
const [cpu] = cpus()
const day = started.toISOString().slice(0, 10)
const file = `docs/campaigns/${day}-${name}.md`
mkdirSync('docs/campaigns', { recursive: true })
writeFileSync(
  file,
  `# Campaign ${name}, ${day}

- command: \`npm run campaign -- ${name}\`
- commit: ${commit}
- machine: ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}
- started: ${started.toISOString()}, took ${Math.round((Date.now() - started.getTime()) / 1000)} s
- result: ${code === 0 ? 'passed' : `failed (exit code ${code})`}

\`\`\`
${stripVTControlCharacters(said).replaceAll(process.cwd(), '.').trim()}
\`\`\`
`,
)
console.log(`kept in ${file}`)
process.exitCode = code
