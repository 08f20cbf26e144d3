import { parentPort, workerData } from 'node:worker_threads'
import { applyCommon } from './apply.ts'
import type { Work } from './apply.ts'

// A thread of its own: how long foreign rules take, and how much memory, is for the document to say, and must have an end.

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage(await applyCommon(workerData as Work))
