/** One server-sent event. */
export interface LiveEvent {
  event: string
  data: unknown
}

/** Far more than any event of ours: a stream that sends more without an end of event is not ours. */
const maxEventChars = 1_000_000

/**
 * Reads server-sent events out of the pieces of a stream. Comments, ids and retry times are not used; data is JSON.
 *
 * @throws Error when an event is longer than any of ours
 */
export function createEventReader(): (piece: string) => LiveEvent[] {
  let rest = ''
  let held = ''
  return (piece) => {
    const text = held + piece
    // Whether a line feed follows is in the next piece.
    held = text.endsWith('\r') ? '\r' : ''
    rest += text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > maxEventChars) throw new Error('the stream of events is not one of ours')
    return blocks.flatMap((block) => {
      const event = readBlock(block)
      return event ? [event] : []
    })
  }
}

function readBlock(block: string): LiveEvent | undefined {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') event = value
    if (name === 'data') data.push(value)
  }
  if (data.length === 0) return event === 'message' ? undefined : { event, data: null }
  try {
    return { event, data: JSON.parse(data.join('\n')) as unknown }
  } catch {
    return { event, data: null }
  }
}
