// Which Node runs Rockpool: the one that npm installed, else the machine's own if it is new enough.
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

const oldest = 24

/** @param {string} file @returns {boolean} */
function works(file) {
  const { stdout } = spawnSync(file, ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0) >= oldest
}

/**
 * @param {string} root the clone
 * @returns {string} path of a Node ≥ 24
 * @throws {Error} with what to do, when there is none
 */
export function findNode(root) {
  const installed = join(root, 'node_modules', '.bin', 'node')
  const candidates = [
    installed,
    process.execPath,
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node')),
  ]
  const found = candidates.find(works)
  if (found) return found
  throw new Error(
    `Rockpool needs Node ${oldest} or newer. The npm package "node" should have brought it, but ${installed} does not ` +
      `work here, and this machine's own Node is ${process.version}.\n` +
      'Install Node 24 from https://nodejs.org, or allow npm to run install scripts (npm config set ignore-scripts false), and start again.',
  )
}
