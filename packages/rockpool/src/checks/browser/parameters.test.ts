import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { parameterNames } from './parameters.ts'

describe('the fixtures that a check names', () => {
  test.each<[string, string, string[] | undefined]>([
    ['an arrow', 'async ({ page, step }) => {}', ['page', 'step']],
    ['a renamed one, a default, the rest', "({ api: shop, page = ')},', ...rest }) => {}", ['api', 'page']],
    ['nested patterns', '({ api: { orders, page }, step: [one] }) => {}', ['api', 'step']],
    ['comments and strings', "({ /* page, */ 'api': a, // page,\n expect = '}' }) => {}", ['api', 'expect']],
    ['a function', 'async function named({ until }) { return ({ page }) => page }', ['until']],
    ['a method', '{ async check({ page }) {} }.check', ['page']],
    ['none', 'async ({}) => {}', []],
    ['no pattern', 'async (fixtures) => fixtures.page', undefined],
    ['no parameter', 'async () => {}', undefined],
  ])('%s', (_, text, names) => {
    const body = runInNewContext(`(${text})`) as () => unknown
    expect(parameterNames(body)).toEqual(names)
  })
})
