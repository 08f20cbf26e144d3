import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './installation.ts'

/** Commands in the page, each with what it is said to print. */
export async function shownInPage(): Promise<{ args: string[]; output: string }[]> {
  const page = await readFile(join(root, 'docs/contracts.md'), 'utf8')
  const blocks = page.split(/^ {4}\$ rockpool contract /m).slice(1)
  return blocks.map((block) => {
    const [command = '', ...rest] = block.split('\n')
    const end = rest.findIndex((line) => line !== '' && !line.startsWith('    '))
    const lines = rest.slice(0, end < 0 ? rest.length : end).map((line) => line.slice(4))
    return { args: command.split(' '), output: lines.join('\n').trimEnd() }
  })
}
