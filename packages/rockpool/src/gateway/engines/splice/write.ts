import { linesOf } from '../../header-fields.ts'
import { withoutHeaders } from '../../header-list.ts'
import type { Answer, Forward } from '../engine.ts'

/*
 * Heads as they are sent. They are always written anew from parsed parts, so that nothing of a peer's own framing,
 * spacing or letter case of what we understand goes on.
 */

/**
 * Head of a call to a service. `body`: how its body is framed there; a number: it was gathered, and is as long as that.
 */
export function requestHead(forward: Forward, host: string, body: 'chunked' | 'as it is' | number): string {
  const { method, target, headers, upgrade } = forward
  let text = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n`
  if (typeof body === 'number') text += `${unframedFields(headers.list)}Content-Length: ${body}\r\n`
  else text += headers.text
  if (body === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  if (upgrade !== undefined) text += upgradeFields(upgrade)
  return `${text}\r\n`
}

/** What ends the head of an answer: how its body is framed, and whether the connection stays. */
export interface AnswerEnding {
  chunked: boolean
  /** `null`: nothing needs to be said. */
  connection: 'close' | 'keep-alive' | null
  hasDate: boolean
}

/** Head of a service's answer, for the client. `fields`: as they are written. */
export function answerHead(status: number, fields: string, ending: AnswerEnding): string {
  let text = statusLine(status) + fields
  // RFC 9110 6.6.1: who passes on an answer without a date says when it came.
  if (!ending.hasDate) text += `Date: ${dateText()}\r\n`
  if (ending.chunked) text += 'Transfer-Encoding: chunked\r\n'
  if (ending.connection !== null) text += `Connection: ${ending.connection}\r\n`
  return `${text}\r\n`
}

/** An answer of our own, whole. */
export function ownAnswer(answer: Answer, method: string, connection: AnswerEnding['connection']): Buffer {
  const head = Buffer.from(ownHead(answer, connection), 'latin1')
  return method === 'HEAD' ? head : Buffer.concat([head, Buffer.from(answer.body)])
}

/** Of what was made of a service's answer the date may be the service's. */
export function ownHead({ status, headers }: Answer, connection: AnswerEnding['connection']): string {
  const hasDate = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'date')
  return answerHead(status, linesOf(headers), { chunked: false, connection, hasDate })
}

/** The last chunk's trailers and its empty line. */
export function trailerText(trailers: readonly string[]): string {
  return `${linesOf(trailers)}\r\n`
}

/** An interim answer (RFC 9110 15.2). */
export function interimHead(status: number, headers: readonly string[]): string {
  return `${statusLine(status)}${linesOf(headers)}\r\n`
}

/** Head of the answer by which a connection leaves HTTP for `protocol` (RFC 9110 15.2.2). */
export function switchHead(headers: readonly string[], protocol: string): string {
  // RFC 9110 8.6: no length of a body that this answer cannot have.
  return `${statusLine(101)}${unframedFields(headers)}${upgradeFields(protocol)}\r\n`
}

export const continueText = 'HTTP/1.1 100 Continue\r\n\r\n'

function unframedFields(headers: readonly string[]): string {
  return linesOf(withoutHeaders(headers, (name) => name === 'content-length'))
}

function upgradeFields(protocol: string): string {
  return `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`
}

const statusLines: string[] = []

// An `import` of node:http asks for each of its exports, and with some of them comes a client of WebSockets.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

function statusLine(status: number): string {
  return (statusLines[status] ??= `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`)
}

let dateSecond = 0
let date = ''

function dateText(): string {
  const second = Math.floor(Date.now() / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    date = new Date(second * 1000).toUTCString()
  }
  return date
}
