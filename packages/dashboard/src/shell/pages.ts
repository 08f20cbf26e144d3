/** The pages that there are, in the order of the navigation. */
export interface PageEntry {
  name: string
  /** Where it is; what is below it lies there too, or at one of `below`. */
  path: string
  group: '' | 'Verify' | 'Watch' | 'Manage'
  /** `g` and this letter go there. */
  letter: string
  below?: readonly string[]
}

export const pages: readonly PageEntry[] = [
  { name: 'Now', path: '/', group: '', letter: 'n' },
  { name: 'Checks', path: '/checks', group: 'Verify', letter: 'c', below: ['/runs'] },
  { name: 'Sandboxes', path: '/sandboxes', group: 'Verify', letter: 's' },
  { name: 'Requests', path: '/requests', group: 'Watch', letter: 'r' },
  { name: 'Organizations', path: '/organizations', group: 'Manage', letter: 'o' },
]

/** Whether a path belongs to a page. Pure. */
export function isAt({ path, below = [] }: PageEntry, at: string): boolean {
  return [path, ...below].some((start) => at === start || (start !== '/' && at.startsWith(`${start}/`)))
}
