// `npm run setup`: what `npm test` does by itself before it starts, for those who want to do it ahead.
import { prepareTools } from './tools.mjs'

prepareTools()
console.log('set up: npm test and npm run demo need nothing more')
