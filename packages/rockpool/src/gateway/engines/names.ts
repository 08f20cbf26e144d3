/** Every engine that exists, by the name in the configuration. */
export const engineNames = ['node', 'splice'] as const

export type EngineName = (typeof engineNames)[number]

/** What moves the bytes unless the configuration says otherwise. */
export const defaultEngine: EngineName = 'splice'

export function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name)
}
