import { gzipSync } from 'node:zlib'
import { startBrowser } from '../../packages/rockpool/test/support/browser.ts'
import { seedRuns } from '../../packages/rockpool/test/support/history.ts'
import { call, dataFolder, startRockpool } from '../rockpool.mjs'

export const describe = 'the first page: its script, and how soon it answers with 10,000 runs stored'

const storedRuns = 10_000

/** Marks when all four answers and the checks' strips stand on the page; milliseconds from the start of the navigation. */
const watchForAnswers = () => {
  const look = () => {
    const answers = document.querySelectorAll('.answers > li').length
    const strips = document.querySelectorAll('.strip').length
    if (answers < 4 || strips < 1) return
    observer.disconnect()
    // @ts-expect-error a mark of our own
    window.answeredAt = performance.now()
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true })
}

/** @param {{ runs?: number, progress: (text: string) => void }} options */
export async function measure({ runs = 15, progress }) {
  const data = dataFolder()
  const rockpool = await startRockpool(data)
  const browser = await startBrowser()
  try {
    while ((await call(`${rockpool.control}/checks`, rockpool.credential)).items.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 100))
    await seedRuns(data, storedRuns)
    const { url } = await call(`${rockpool.control}/sign-in-links`, rockpool.credential, {
      method: 'POST',
      body: {},
    })
    const context = await browser.open()
    const page = await context.newPage()
    await page.addInitScript(watchForAnswers)
    await page.goto(url)
    await page.waitForFunction(() => 'answeredAt' in window)

    /** @type {number[]} */
    const ready = []
    /** @type {number[]} */
    const sizes = []
    for (let run = 1; run <= runs; run++) {
      /** @type {Promise<number>[]} */
      const scripts = []
      const fresh = await context.newPage()
      await fresh.addInitScript(watchForAnswers)
      fresh.on('response', (response) => {
        if (response.request().resourceType() !== 'script') return
        scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length))
      })
      await fresh.goto(rockpool.control)
      await fresh.waitForFunction(() => 'answeredAt' in window)
      // @ts-expect-error set by watchForAnswers
      ready.push(await fresh.evaluate(() => window.answeredAt))
      sizes.push((await Promise.all(scripts)).reduce((sum, size) => sum + size, 0) / 1024)
      await fresh.close()
      progress(`${run} of ${runs}: ${Math.round(ready.at(-1) ?? 0)} ms`)
    }
    return [
      { figure: 'first_page_kb_gzip', unit: 'KB', ours: sizes },
      { figure: 'now_page_ready_ms', unit: 'ms', ours: ready },
    ]
  } finally {
    await browser.close()
    await rockpool.stop()
  }
}
