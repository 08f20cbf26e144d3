import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { browserMissing } from '../../../test/support/browser.ts'
import { createSite, processesOf, signsIn } from '../../../test/support/browser-host.ts'
import { createWorkspace } from '../../../test/support/checks.ts'
import { createBrowserHome, sweepHomes } from './home.ts'

describe.skipIf(browserMissing)('a browser', () => {
  test('ends when its runner is killed with -9, even under a check that spins; the next one sweeps its folder', async () => {
    const parent = await mkdtemp(join('/tmp', 'rp-'))
    const workspace = await createWorkspace()
    const gateway = await createSite((request, response) => {
      if (!signsIn(request, response)) response.setHeader('content-type', 'text/html').end('<h1>Shop</h1>')
    })
    const file = await workspace.file(
      'a.check.ts',
      `check('it', async ({ page }) => { await page.goto('/'); await page.goto('/spin'); for (;;) {} })`,
    )
    const fixture = fileURLToPath(new URL('../../../test/fixtures/browser-runner.ts', import.meta.url))
    const runner = spawn(process.execPath, ['--conditions=@rockpool/source', fixture, file, gateway.url], {
      env: { ...process.env, TMPDIR: parent },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    try {
      await expect
        .poll(() => gateway.requests.some(({ url }) => url === '/spin'), { timeout: 20_000 })
        .toBe(true)
      expect(processesOf(`${parent}/`).length).toBeGreaterThan(2)
      runner.kill('SIGKILL')
      await expect.poll(() => processesOf(`${parent}/`), { timeout: 10_000 }).toEqual([])
      expect(await readdir(parent)).toHaveLength(1)
      await sweepHomes(parent)
      expect(await readdir(parent)).toEqual([])
    } finally {
      runner.kill('SIGKILL')
      await gateway.close()
      await workspace.remove()
      await rm(parent, { recursive: true, force: true })
    }
  }, 60_000)
})

test('the folder of a process that lives is not swept, nor what only looks like one', async () => {
  const parent = await mkdtemp(join('/tmp', 'rp-'))
  try {
    const home = await createBrowserHome('/usr/bin/true', parent)
    await mkdir(join(parent, 'rockpool-browser-notes'))
    await sweepHomes(parent)
    expect(await readdir(parent)).toHaveLength(2)
    await home.close()
    expect(await readdir(parent)).toEqual(['rockpool-browser-notes'])
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
})

test.skipIf(process.platform !== 'linux')(
  'the folder of one that is dead is swept, though nobody has waited for it yet',
  async () => {
    const parent = await mkdtemp(join('/tmp', 'rp-'))
    // The shell becomes one that waits for nobody, and its child ends only then: it stays in the table of processes.
    const untilThen = '(while [ "$(cat /proc/$$/comm)" != sleep ]; do sleep 0.01; done)'
    const careless = spawn('sh', ['-c', `${untilThen} & echo $!; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const [line] = (await once(careless.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString())
      const fields = async () => {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      }
      await expect.poll(async () => (await fields())[0], { timeout: 10_000 }).toBe('Z')
      const owner = `${pid.toString(36)}-${Number((await fields())[19]).toString(36)}`
      await mkdir(join(parent, `rockpool-browser-${owner}-abcdef`))
      await sweepHomes(parent)
      expect(await readdir(parent)).toEqual([])
    } finally {
      careless.kill('SIGKILL')
      await rm(parent, { recursive: true, force: true })
    }
  },
)
