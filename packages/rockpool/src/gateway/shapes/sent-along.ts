import { originOf } from '../cors/cors.ts'
import { allowsOrigin } from '../cors/policy.ts'
import type { CorsPolicy } from '../cors/policy.ts'
import { valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import { isSameOrigin } from '../same-origin.ts'

type Head = Pick<RequestHead, 'headers'>

/** Schemes of `Authorization` that a browser shows anew by itself, once it was asked. The service may be who reads them. */
const byItself: Readonly<Record<string, string>> = {
  basic: 'Basic',
  digest: 'Digest',
  negotiate: 'Negotiate',
  ntlm: 'NTLM',
}

/** What a browser sends by itself, whatever page makes it send a request. Pure. */
export function sentAlong(head: Head): string | null {
  if (valuesOf(head, 'cookie').length > 0) return 'a cookie'
  const schemes = valuesOf(head, 'authorization').map((value) => value.trim().split(/\s/)[0]!.toLowerCase())
  return byItself[schemes.find((scheme) => Object.hasOwn(byItself, scheme)) ?? ''] ?? null
}

/**
 * What was sent along with a request that a page of another origin made a browser send, which may not read the answers
 * either. Null: nothing was, it is no such page, or no browser says that it is one. Pure.
 */
export function sentByStranger(head: Head, secure: boolean, policy: CorsPolicy | undefined): string | null {
  const isFromPage = valuesOf(head, 'origin').length + valuesOf(head, 'sec-fetch-site').length > 0
  if (!isFromPage || isSameOrigin(head, secure)) return null
  const origin = originOf(head)
  if (policy?.credentials === true && origin !== undefined && allowsOrigin(policy, origin)) return null
  return sentAlong(head)
}
