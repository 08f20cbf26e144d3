// The kernel's second door, for processes that must start in milliseconds: index.ts brings the database drivers along,
// which take longer to load than a check takes to run. Nothing here loads a package from outside.
export { isLoopbackHost } from './address.ts'
export { provideOwnPackage } from './own-package.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { messageOf } from './problem.ts'
export { near } from './near.ts'
export { version } from './version.ts'
