import { expect, test } from 'vitest'
import { versionChange } from './version.ts'

test.each([
  ['1.2.3', '1.2.3', 'api-version-not-bumped'],
  ['2024-01', '2024-01', 'api-version-not-bumped'],
  ['1.2.3', '1.2.2', 'api-version-decreased'],
  ['2.0.0', '1.9.9', 'api-version-decreased'],
  ['1.2.3', '1.3.0', 'api-major-version-not-bumped'],
  ['v1.2.3-rc.1', 'v1.2.3', 'api-major-version-not-bumped'],
  ['1.2.3', '2.0.0', null],
  // Before 1.0.0 the minor version is what rises with what breaks.
  ['0.1.0', '0.2.0', null],
  ['0.1.0', '0.1.1', 'api-major-version-not-bumped'],
  ['0.9.0', '1.0.0', null],
  // Of these nobody knows which is the greater.
  ['2024-01', '2024-02', null],
  ['01.2.3', '1.0.0', null],
  ['', '', null],
])('something breaks from %s to %s: %s', (before, after, rule) => {
  expect(versionChange(before, after)).toBe(rule)
})
