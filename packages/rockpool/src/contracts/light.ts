// The door for who wants nothing but names.
export { nameOfOperation } from './openapi/names.ts'
