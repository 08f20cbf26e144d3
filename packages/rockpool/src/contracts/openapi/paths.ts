import { standsWhere } from '../source/origins.ts'
import type { JsonObject, Operation, Parameter } from '../types.ts'
import type { Context } from './context.ts'

/** The path as it is served. */
export function checkPath({ findings }: Context, paths: JsonObject, path: string): string {
  if (path.includes('#'))
    findings.warning(paths, `${path}: what stands behind # is never sent: nobody can call it`, path)
  else if (path.includes('?'))
    findings.warning(
      paths,
      `${path}: a path ends before its query; write parameters of the query as parameters`,
      path,
    )
  if (path.startsWith('/')) return path
  findings.warning(paths, `${path} must begin with /`, path)
  return `/${path}`
}

/** Names of the parameters in a path template, each once. */
export function namesInPath(path: string): string[] {
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!))]
}

/** What the path names is a parameter; what it does not name is none. */
export function matchParameters({ findings }: Context, operation: Operation, node: JsonObject): Operation {
  const names = namesInPath(operation.path)
  const kept = operation.parameters.filter((parameter) => {
    if (parameter.in !== 'path' || names.includes(parameter.name)) return true
    findings.warning(parameter, `${operation.path} has no {${parameter.name}}: the parameter is left out`)
    return false
  })
  const missing = names.filter((name) => !kept.some((one) => one.in === 'path' && one.name === name))
  for (const name of missing)
    findings.warning(node, `the path parameter ${name} is not declared: it is taken for any text`)
  const parameters = [...kept, ...missing.map((name) => standsWhere(textParameter(name), node))]
  return standsWhere({ ...operation, parameters }, node)
}

function textParameter(name: string): Parameter {
  return {
    name,
    in: 'path',
    description: null,
    required: true,
    deprecated: false,
    allowEmptyValue: false,
    style: 'simple',
    explode: false,
    allowReserved: false,
    schema: { type: 'string' },
    mediaType: null,
    examples: [],
    extensions: {},
  }
}
