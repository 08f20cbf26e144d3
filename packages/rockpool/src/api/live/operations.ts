import { bytes, mostBytes, operation } from '../../kernel/index.ts'

/** What changes are told of. Each part's migrations name one of these (`public.rockpool_changed`). */
export const topics = [
  'checks',
  'runs',
  'bots',
  'sandboxes',
  'organizations',
  'services',
  'requests',
  'faults',
  'contracts',
] as const

export const openLive = operation({
  id: 'live.open',
  method: 'GET',
  path: '/live',
  summary: 'Hear what changes, as server-sent events',
  description: `Event \`hello\` {now, version} at the beginning: what was read before may be old. Event \`changed\` {topics}: read again what shows them (${topics.join(', ')}). Event \`beat\` {now} every 5 s. The stream ends with the session.`,
  scope: 'read',
  organizationBound: true,
  answers: { 200: bytes({ types: ['text/event-stream'], limit: mostBytes }) },
})
