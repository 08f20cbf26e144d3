import { freePort } from '../kernel/index.ts'

/** A port that the configuration names, or another free one where that is taken. */
export interface ChosenPort {
  port: number
  preferred: number
}

export async function choosePort(origin: string): Promise<ChosenPort> {
  const preferred = Number(new URL(origin).port)
  const { port } = await freePort(preferred)
  return { port, preferred }
}

/** What people are told of the port that is used in the end. */
export function saidPort({ preferred }: ChosenPort, url: string): string {
  const used = Number(new URL(url).port)
  return used === preferred ? `port ${used}` : `port ${preferred} is taken, using ${used}`
}
