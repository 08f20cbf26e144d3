import { dataFolder, startRockpool } from '../rockpool.mjs'

export const describe = 'how long rockpool up takes to be ready on data that exists'

/** @param {{ runs?: number, progress: (text: string) => void }} options */
export async function measure({ runs = 5, progress }) {
  const data = dataFolder()
  const first = await startRockpool(data)
  progress(`first start, empty data: ${(first.readyMs / 1000).toFixed(2)} s`)
  await first.stop()
  const ours = []
  for (let run = 1; run <= runs; run++) {
    const rockpool = await startRockpool(data)
    ours.push(rockpool.readyMs / 1000)
    await rockpool.stop()
    progress(`start ${run} of ${runs}: ${(rockpool.readyMs / 1000).toFixed(2)} s`)
  }
  return [{ figure: 'second_start_s', unit: 's', ours }]
}
