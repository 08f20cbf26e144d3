import { expect, test } from 'vitest'
import { redactTrace } from './trace.ts'
import { readZip, writeZip } from './zip.ts'

test('a resource that only looks like no text is not let through unread: it is left out, and pictures are not', () => {
  const secret = 'rp_live_0123456789abcdefghijklmnopqrstuvwxyz'
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2])
  const resources = {
    'resources/utf16.html': Buffer.from(`<p>Bearer ${secret}</p>`, 'utf16le'),
    'resources/answer.json': Buffer.from(`{"password":"hunter2hunter2","\0":1}`),
    'resources/unnamed.dat': Buffer.from(`\0card 4242424242424242`),
    'resources/shot.png': picture,
    'resources/page.html': Buffer.from('<p>fine</p>'),
  }
  const clean = readZip(
    redactTrace(writeZip(Object.entries(resources).map(([name, content]) => ({ name, content })))),
    1_000_000,
  )
  const of = (name: string) => clean.find((entry) => entry.name === `resources/${name}`)!.content
  for (const name of ['utf16.html', 'answer.json', 'unnamed.dat']) expect(of(name).length, name).toBe(0)
  expect(of('shot.png').equals(picture)).toBe(true)
  expect(of('page.html').toString()).toBe('<p>fine</p>')
})
