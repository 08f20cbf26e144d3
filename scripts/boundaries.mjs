// The order of the house: who may import whom inside packages/rockpool/src. The lint configuration and the
// house test (boundaries.test.ts) both read it from here.
//
//     kernel ─► organizations ─► … ─► deploys ─► api ─► roles ─► cli        (imports point left only)
//
// Names on one line of the list are siblings: they may not import each other either.

/** Folders of packages/rockpool/src from the bottom up; each entry holds the siblings of one level. */
export const levels = [
  ['kernel'],
  ['organizations'],
  ['secrets'],
  ['events'],
  ['databases'],
  ['effects'],
  ['contracts'],
  ['sandboxes'],
  ['gateway'],
  ['checks'],
  ['bots', 'invariants', 'docs', 'load'],
  ['logs'],
  ['alerts'],
  ['drills'],
  ['deploys'],
  ['api'],
  ['roles'],
  ['cli'],
]

/**
 * The files through which a folder is entered. `light.ts` is for processes that load as little as they can: a check's child
 * process, which must start in milliseconds, and the gateway, which keeps what it loads. Roles are no part: each file is one role.
 * @param {string} folder
 * @returns {string[]} names, `*` stands for any
 */
export const doorsOf = (folder) => (folder === 'roles' ? ['*.ts'] : ['index.ts', 'light.ts'])

/** Every folder, bottom first. */
export const folders = levels.flat()

/**
 * What one folder may not import: everything on its own level (but itself) and above.
 * @param {string} folder
 * @returns {string[]}
 */
export function forbiddenFor(folder) {
  const level = levels.findIndex((names) => names.includes(folder))
  if (level < 0) throw new Error(`${folder} is not in the order of the house (scripts/boundaries.mjs)`)
  return levels
    .slice(level)
    .flat()
    .filter((name) => name !== folder)
}
