// Rockpool's own API: its types, and the one way that its pages and its command line call it.
export { askControl } from './ask.ts'
export type { Answered, ControlOptions, LooseInput } from './ask.ts'
export type { paths } from './paths.ts'
export type { Answer, Input, Item, ReadRoute, RouteName } from './routes.ts'
