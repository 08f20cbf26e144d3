import { check } from 'rockpool'
import type { Service } from 'rockpool'

declare module 'rockpool' {
  interface Services {
    greetings: Service<'greet'>
  }
}

check('a visitor is greeted by name', { every: '1m' }, async ({ api, step, expect }) => {
  const answer = await step('ask for a greeting', () => api.greetings.greet({ path: { name: 'Mia' } }))
  expect(answer.body).toEqual({ greeting: 'Hello, Mia!' })
})
