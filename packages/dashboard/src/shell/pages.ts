/** The pages that there are, in the order of the navigation. */
export interface PageEntry {
  name: string
  /** Where it is, with all that lies below it. */
  path: string
  group: '' | 'Verify' | 'Watch' | 'Ship' | 'Manage'
  /** `g` and this letter go there. */
  letter: string
}

export const pages: readonly PageEntry[] = [
  { name: 'Now', path: '/', group: '', letter: 'n' },
  { name: 'Checks', path: '/checks', group: 'Verify', letter: 'c' },
  { name: 'Bots', path: '/bots', group: 'Verify', letter: 'b' },
  { name: 'Sandboxes', path: '/sandboxes', group: 'Verify', letter: 's' },
  { name: 'Requests', path: '/requests', group: 'Watch', letter: 'r' },
  { name: 'Contracts', path: '/contracts', group: 'Ship', letter: 't' },
  { name: 'Organizations', path: '/organizations', group: 'Manage', letter: 'o' },
]

/** Whether a path belongs to a page. Pure. */
export function isAt({ path }: PageEntry, at: string): boolean {
  return at === path || (path !== '/' && at.startsWith(`${path}/`))
}
