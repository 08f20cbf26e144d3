import { createContext, useContext } from 'react'

/** What is known of the connection to control. */
export interface Live {
  /** `lost`: no news for longer than two beats; everything that is shown is from before. */
  state: 'connecting' | 'live' | 'lost'
  /** When control was heard last, in milliseconds of its own clock; null: never. */
  heardAt: number | null
}

export const LiveContext = createContext<Live>({ state: 'connecting', heardAt: null })

export const useLive = (): Live => useContext(LiveContext)
