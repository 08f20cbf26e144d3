// Programs that only tests (and the example's services) need and npm cannot bring. As root on a Debian they are
// installed; everywhere else their tests are skipped with one line that says why.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hasChromium } from './chromium.mjs'

/** Program → the Debian package that brings it. */
const tools = {
  python3: 'python3', // examples/shop/delivery-quotes, a service without our sdk
  openssl: 'openssl', // certificates of test servers
  patch: 'patch', // proposed patches of contracts apply with it
  nginx: 'nginx', // what the gateway passes on is held against what these make of it
  haproxy: 'haproxy',
  chromium: 'chromium', // checks with a page, and the tests of the dashboard's pages
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Installs what is missing if that is possible here, and says what it did; never fails. */
export function prepareTools() {
  const missing = Object.entries(tools).filter(([program]) =>
    program === 'chromium' ? !hasChromium() : !isInstalled(program),
  )
  if (missing.length === 0) return
  const packages = missing.map(([, name]) => name)
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const skip = `missing: ${missing.map(([program]) => program).join(', ')}; what needs it is skipped.`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`${skip} On Debian, as root: ${command}`)
    return
  }
  console.log(`installing for the tests: ${packages.join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // A fresh image has no package lists; a machine that has them may not reach its mirror, and need not.
  const install = () => spawnSync('sh', ['-c', command], { env, encoding: 'utf8', timeout: 180_000 })
  let result = install()
  if (result.status !== 0) {
    spawnSync('apt-get', ['update', '-qq'], { env, timeout: 120_000 })
    result = install()
  }
  if (result.status !== 0) console.log(`${skip} ${(result.stderr ?? '').trim().split('\n').at(-1) ?? ''}`)
}
