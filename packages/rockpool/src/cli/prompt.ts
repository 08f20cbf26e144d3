import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'
import { problem } from '../kernel/index.ts'

/* Questions on the terminal. They go to stderr, so that stdout holds results alone. */

/** Whether somebody sits at the terminal who could answer. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2)
}

/** One line, trimmed; null at the end of input. */
export async function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
    const answer = await Promise.race([lines.question(`${question} `), closed])
    return answer === null ? null : answer.trim()
  } finally {
    lines.close()
  }
}

/** One line that is not shown while it is typed. @throws Problem `invalid_input` at Ctrl-C or Ctrl-D */
export function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(`${question} `)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  let typed = ''
  return new Promise<string>((resolve, reject) => {
    const end = (work: () => void) => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      work()
    }
    const take = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return end(() => resolve(typed))
        if (character === '\u0003' || character === '\u0004')
          return end(() => reject(problem('invalid_input', 'nothing was typed: nothing is changed')))
        typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character
      }
    }
    stdin.on('data', take)
  })
}

/** All of standard input as text. @throws Problem `body_too_large` beyond `maxBytes` */
export async function readStandardInput(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array | string)
    size += bytes.length
    if (size > maxBytes)
      throw problem('body_too_large', `standard input has more than ${maxBytes.toLocaleString('en')} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
