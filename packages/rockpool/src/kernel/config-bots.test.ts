import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { readConfig } from './config.ts'

const grant = {
  bot: 'order and cancel',
  organization: 'harbor',
  card: 'card_bot_harbor',
  writes: { perRun: 10, perHour: 240 },
  why: 'it proves that customers can order',
}

const base = { ...baseConfig, bots: { domain: 'bots.harbor.example', files: ['bots/**/*.bot.ts'] } }

async function findingsOf(changes: object) {
  const file = join(await temporaryFolder('config'), 'rockpool.config.ts')
  return findingsIn(readConfig({ ...base, ...changes }, file))
}

test('a bot with its grant is a valid configuration; a card may be left out', async () => {
  expect(await findingsOf({ grants: [grant] })).toEqual([])
  const { card: _card, ...without } = grant
  expect(await findingsOf({ grants: [without] })).toEqual([])
})

test('everything that is wrong with grants comes at once', async () => {
  const findings = await findingsOf({
    bots: undefined,
    grants: [
      { ...grant, organization: 'pier' },
      { ...grant, organization: 'harbor-test', writes: { perRun: 11, perHour: 21 } },
    ],
  })
  expect(findings).toEqual([
    { path: 'grants.0.organization', message: '“pier” is not among the organizations' },
    { path: 'grants.0', message: 'a grant is for a bot: add bots: { domain, files }' },
    {
      path: 'grants.1.organization',
      message: expect.stringMatching(/^“harbor-test” is no production organization/),
    },
    { path: 'grants.1.bot', message: '“order and cancel” has a grant already; a bot has one' },
    {
      path: 'grants.1.writes.perHour',
      message: 'the last 11 of an hour (perRun) are for putting back, so it needs 22 at least',
    },
    { path: 'grants.1', message: 'a grant is for a bot: add bots: { domain, files }' },
  ])
})

test.each([
  'harbor',
  'Bots.harbor.example',
  '@bots.harbor.example',
  '-a.example',
  '127.0.0.1',
  'a b.example',
  '',
])('a domain such as %o is none', async (domain) => {
  expect(await findingsOf({ bots: { domain, files: ['a'] } })).toEqual([
    { path: 'bots.domain', message: expect.stringMatching(/^write a domain that the team owns/) },
  ])
})

test('a budget is a whole number from 1, a reason is given, and a card is a token', async () => {
  const findings = await findingsOf({
    grants: [{ ...grant, card: '4242424242424242', writes: { perRun: 0, perHour: 1.5 }, why: '' }],
  })
  expect(findings.map(({ path }) => path)).toEqual([
    'grants.0.card',
    'grants.0.writes.perRun',
    'grants.0.writes.perHour',
    'grants.0.why',
  ])
})
