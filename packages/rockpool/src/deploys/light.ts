// The part's second door, for processes that deploy nothing and hold a folder of their own.
export { lockFolder } from './agent/lock.ts'
export type { FolderLock } from './agent/lock.ts'
