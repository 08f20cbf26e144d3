// Starts one command and shares its fate: signals go down, the exit code comes up, nobody is left behind.
//
//     terminal ──Ctrl-C──► npm ──(forwards it as well)──► run.mjs ──once──► child, a process group of its own
//
// (package.json says `exec node …`, because a shell between npm and us swallows what npm forwards.)
// The child has its own group, so that it hears each signal exactly once and can be ended with all it started.
import { spawn } from 'node:child_process'

const graceMs = 20_000

/**
 * @param {string} command @param {string[]} args @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code, 128 + n after a signal
 */
export function launch(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit', detached: true })
    const parent = process.ppid
    let askedAt = 0

    const toGroup = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        process.kill(-(child.pid ?? 0), signal)
      } catch {} // nobody left
    }
    const ask = (/** @type {NodeJS.Signals} */ signal) => {
      const now = Date.now()
      if (askedAt === 0) {
        askedAt = now
        child.kill(signal)
        setTimeout(() => toGroup('SIGKILL'), graceMs).unref()
      } else if (now - askedAt > 1000) toGroup('SIGKILL') // asked a second time by a person, not by npm's echo
    }
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(signal, () => ask(signal))
    // HUP or KILL to npm does not reach us: its death shows only in the number of our parent. Without npm (nohup, a
    // service manager) nobody is followed.
    if (process.env.npm_lifecycle_event !== undefined) {
      setInterval(() => process.ppid !== parent && askedAt === 0 && ask('SIGTERM'), 250).unref()
    }

    child.on('error', reject)
    child.on('exit', (code, signal) => {
      toGroup('SIGKILL') // whatever it forgot
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15))
    })
  })
}
