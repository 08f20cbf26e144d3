import { spawnSync } from 'node:child_process'
import { call, cli, dataFolder, onShop, startRockpool } from '../rockpool.mjs'

export const describe =
  'what a run of a check costs beyond its own calls: sandbox, credential, process, verdict'

const theCheck = 'a customer can order'

/** @typedef {{ type: string, ms: number | null }} Entry */
/** @typedef {{ id: string, verdict: string | null, ms: number | null, attempts: { evidence: { entries: Entry[] } }[] }} Run */

/** @param {{ runs?: number, progress: (text: string) => void }} options */
export async function measure({ runs = 15, progress }) {
  const data = dataFolder()
  const rockpool = await startRockpool(data)
  const { control, credential } = rockpool
  for (let run = 0; run <= runs; run++) {
    // One check at a time: several at once would be measured against each other.
    const args = [cli, 'check', ...onShop, '--data', data, '--grep', theCheck, '--json']
    const env = { ...process.env, ROCKPOOL_CREDENTIAL: credential }
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
    if (status !== 0) throw new Error(`rockpool check ended with ${status}:\n${troubles(stdout)}${stderr}`)
  }
  progress(`“${theCheck}” run ${runs + 1} times`)
  const ours = []
  for (let cursor = ''; ;) {
    const page = await call(
      `${control}/runs?verdict=pass&check=${encodeURIComponent(theCheck)}${cursor && `&cursor=${cursor}`}`,
      credential,
    )
    for (const { id, trigger } of page.items) {
      if (trigger === 'command') ours.push(overhead(await call(`${control}/runs/${id}`, credential)))
    }
    if (!page.next) break
    cursor = page.next
  }
  await rockpool.stop()
  return [{ figure: 'check_overhead_ms', unit: 'ms', ours }]
}

/**
 * The whole run, from its start to its verdict, without the time that its calls took (polls with their pauses, and
 * questions for effects, count as calls: the check asked for them).
 * @param {Run} run
 */
function overhead({ ms, attempts }) {
  const own = attempts
    .flatMap(({ evidence }) => evidence.entries)
    .filter(({ type }) => type === 'call' || type === 'probe' || type === 'effects')
  return (ms ?? 0) - own.reduce((sum, entry) => sum + (entry.ms ?? 0), 0)
}

/** What the failing checks said, one line each. @param {string} stdout JSON lines */
function troubles(stdout) {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"result"'))
    .map((line) => JSON.parse(line))
    .filter(({ verdict }) => verdict !== 'pass')
    .map(
      ({ check, verdict, trouble, attempts }) =>
        `${verdict} ${check}: ${trouble ?? attempts.at(-1)?.failure?.message}\n`,
    )
    .join('')
}
