/** One plain line for the person who waits; on stderr, so that what a command prints stays clean. @param {string} line */
export function say(line) {
  process.stderr.write(`rockpool: ${line}\n`)
}
