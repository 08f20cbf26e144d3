import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: 'es2024',
  module: 'nodenext',
  types: [],
  allowImportingTsExtensions: true,
}
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

/** Compiles these files together, by name, under `strict`; gives what is wrong with each, none: nothing is. */
export async function compile(files: Record<string, string>): Promise<(file: string) => string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-compile-'))
  try {
    await symlink(modules, join(folder, 'node_modules'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    const output = await runCompiler(folder)
    const faults = output.split('\n').filter((line) => line.includes('error TS'))
    const elsewhere = faults.filter((line) => !/^[\w.-]+\.ts\(/.test(line))
    if (elsewhere.length > 0) throw new Error(elsewhere.join('\n'))
    return (file) => faults.filter((line) => line.startsWith(`${file}(`))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runCompiler(folder: string): Promise<string> {
  const tsc = join(modules, 'typescript/bin/tsc')
  return new Promise((resolve, reject) => {
    const args = [tsc, '-p', '.', '--pretty', 'false']
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // It ends with another code where something is wrong, and says what on stdout.
        if (error !== null && stdout === '') reject(new Error(stderr || error.message, { cause: error }))
        else resolve(stdout)
      },
    )
  })
}
