import { expect, test } from 'vitest'
import { Store } from './store.ts'

const megabyte = 'x'.repeat(1024 * 1024)

test('what was made is kept as it was put last, until it is deleted', () => {
  const store = new Store()
  store.put('/things', 'a', { name: 'a' })
  store.put('/things', 'b', { name: 'b' })
  store.put('/things', 'a', { name: 'c' })
  expect(store.list('/things')).toEqual([{ name: 'c' }, { name: 'b' }])
  expect([store.delete('/things', 'a'), store.delete('/things', 'a')]).toEqual([true, false])
  expect([store.get('/things', 'a'), store.list('/things')]).toEqual([undefined, [{ name: 'b' }]])
})

test('of more than 10,000 items or 8 MB the oldest are forgotten', () => {
  const store = new Store()
  for (let n = 0; n < 10_010; n++) store.put('/small', String(n), {})
  expect(store.list('/small')).toHaveLength(10_000)
  expect(store.get('/small', '9')).toBeUndefined()
  expect(store.get('/small', '10')).toEqual({})
  for (let n = 0; n < 20; n++) store.put(`/large/${n}`, 'a', { megabyte })
  expect(store.list('/small')).toEqual([])
  const kept = Array.from({ length: 20 }, (_, n) => store.list(`/large/${n}`).length)
  expect(kept).toEqual([...Array<number>(13).fill(0), ...Array<number>(7).fill(1)])
})

test('what is changed again and again, or deleted, takes no room', () => {
  const store = new Store()
  store.put('/small', 'a', {})
  for (let n = 0; n < 20; n++) store.put('/large', 'a', { megabyte })
  for (let n = 0; n < 20; n++) {
    store.put('/gone', String(n), { megabyte })
    store.delete('/gone', String(n))
  }
  expect([store.list('/small').length, store.list('/large').length]).toEqual([1, 1])
})
