/** Who has something to write. */
export interface Sender {
  send(): void
}

/**
 * What is to be written waits until everything that has come by now is looked at, and goes out in one row. Each write wakes
 * whoever waits at its other end, and waking costs more than writing: of a row of writes, the first one wakes a peer that is
 * still awake for the rest.
 */
export interface Outbox {
  add(sender: Sender): void
}

export function createOutbox(): Outbox {
  let waiting: Sender[] = []
  let spare: Sender[] = []

  const send = () => {
    const row = waiting
    waiting = spare
    for (const sender of row) sender.send()
    row.length = 0
    spare = row
  }
  return {
    add(sender) {
      // After the event loop's phase in which sockets are read.
      if (waiting.length === 0) setImmediate(send)
      waiting.push(sender)
    },
  }
}
