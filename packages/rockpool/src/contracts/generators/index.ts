export { askGenerator } from './address.ts'
export { runGenerator } from './command.ts'
