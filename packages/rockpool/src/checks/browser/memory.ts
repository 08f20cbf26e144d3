import { readFile } from 'node:fs/promises'

/**
 * Memory of all that a process started, in MiB: each page of memory that several share is counted once (PSS of proc(5);
 * the resident sizes of a browser's processes would count its program many times). Undefined where the system does not
 * tell. The process itself is not counted: it has a limit of its own.
 */
export async function memoryBelow(pid: number): Promise<number | undefined> {
  let total: number | undefined
  const queue = await childrenOf(pid)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const rollup = await readFile(`/proc/${next}/smaps_rollup`, 'utf8').catch(() => '')
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
    if (kilobytes !== undefined) total = (total ?? 0) + Number(kilobytes) / 1_024
    queue.push(...(await childrenOf(next)))
  }
  return total
}

async function childrenOf(pid: number): Promise<number[]> {
  // Node starts processes from its main thread, Chromium from its own; other threads start none that lives on.
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}
