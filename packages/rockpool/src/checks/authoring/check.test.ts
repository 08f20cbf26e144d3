import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Loads a module in a process of its own and tells every file that came along. */
function loadedBy(module: string): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ load(url, context, next) { urls.push(url); return next(url, context) } })
    await import(${JSON.stringify(module)})
    console.log(JSON.stringify(urls))
    process.exit()`
  const output = execFileSync(
    process.execPath,
    ['--conditions=@rockpool/source', '--input-type=module', '-e', program],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      encoding: 'utf8',
    },
  )
  return (JSON.parse(output) as string[]).filter((url) => url.startsWith('file:'))
}

test('what a check file imports brings no package along: a child has no time for it', () => {
  const urls = loadedBy('rockpool')
  expect(urls.map((url) => url.split('/src/')[1] ?? url).toSorted()).toEqual([
    'bots/authoring/bot.ts',
    'bots/authoring/lifecycle.ts',
    'bots/debt.ts',
    'checks/authoring/check.ts',
    'checks/authoring/contract.ts',
    'checks/child/obstructed.ts',
    'checks/light.ts',
    'index.ts',
  ])
})
