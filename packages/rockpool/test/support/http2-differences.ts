import { passedOver, served, type Reactions } from './http2-play.ts'

/**
 * What node:http2 (nghttp2) does instead of what is right, by the name of the case. It reads a connection's bytes itself, and
 * nothing tells us of a frame that it passes over. Each is in docs/gateway-conformance.md, with why it is no danger.
 */
export const http2Differences: Record<string, Reactions> = {
  '4.2 CONTINUATION of more than 16,384': served,
  '5.1 closed by RST_STREAM: DATA': passedOver,
  '5.1 closed by RST_STREAM: HEADERS': passedOver,
  '5.1 closed: DATA': served,
  '5.1 closed: HEADERS': served,
  '5.1.1 a smaller stream than before': passedOver,
  '6.3 PRIORITY on stream 0': passedOver,
}
