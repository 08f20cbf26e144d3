import { breaks, breaksSource, breaksWire, changesMeaning, harmless, rulesOf } from './rule.ts'

const allowBoth = 'Let the old credentials do as well, as an alternative, until all have the new ones.'

export const securityRules = rulesOf(null, [
  ['api-security-added', harmless, 'the scheme {after} is new among those of the operation'],
  ['api-security-removed', harmless, 'the scheme {before} is gone from those of the operation'],
  ['api-security-scope-added', harmless, 'the scope {after} of {scheme} is new for the operation'],
  ['api-security-scope-removed', harmless, 'the scope {before} of {scheme} is gone from the operation'],
  ['api-global-security-added', harmless, 'the scheme {after} is new among those for everything'],
  ['api-global-security-removed', harmless, 'the scheme {before} is gone from those for everything'],
  ['api-global-security-scope-added', harmless, 'the scope {after} of {scheme} is new for everything'],
  ['api-global-security-scope-removed', harmless, 'the scope {before} of {scheme} is gone for everything'],

  ['api-security-component-added', harmless, 'the scheme {after} is new'],
  ['api-security-component-removed', breaksSource, 'the scheme {before} is gone'],
  [
    'api-security-component-type-changed',
    breaks,
    'the scheme {scheme} went from {before} to {after}',
    allowBoth,
  ],
  [
    'api-security-component-oauth-url-changed',
    breaksWire,
    'authorization for {scheme} moved from {before} to {after}',
  ],
  [
    'api-security-component-oauth-token-url-changed',
    breaksWire,
    'tokens for {scheme} moved from {before} to {after}',
  ],
  ['api-security-component-oauth-scope-added', harmless, 'the scope {after} of {scheme} is new'],
  ['api-security-component-oauth-scope-removed', breaksWire, 'the scope {before} of {scheme} is gone'],
  [
    'api-security-component-oauth-scope-changed',
    changesMeaning,
    'the scope {name} of {scheme} says {after} instead of {before}',
  ],
  ['api-security-component-oauth-flow-added', harmless, 'the flow {after} of {scheme} is new'],
  [
    'api-security-component-oauth-flow-removed',
    breaksWire,
    'the flow {before} of {scheme} is gone',
    'Keep the flow until nobody asks for tokens by it.',
  ],
  [
    'api-security-component-changed',
    breaksWire,
    'the {name} of the scheme {scheme} went from {before} to {after}',
    allowBoth,
  ],

  // What the operations take, not how it is written: these break.
  ['api-security-required', breaksWire, 'a credential is needed now, and was not before', allowBoth],
  [
    'api-security-tightened',
    breaksWire,
    'callers with {before} are no longer let in: it takes {after}',
    allowBoth,
  ],
  ['api-security-relaxed', changesMeaning, 'callers with {after} are let in, too'],
])
