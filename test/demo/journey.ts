import { createHash, randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { Tenant, TenantApp } from '../../demo/tenant/start-tenant.mjs'
import {
  type Browser,
  headingOf,
  hiddenFields,
  locationOf,
  openBrowser,
  type Visit,
} from './browser.ts'

export const REDIRECT_URI = 'http://localhost:4999/callback'

export interface Journey {
  browser?: Browser
  app?: TenantApp
  user?: string
  password?: string
  decision?: 'allow' | 'deny'
  parameters?: Record<string, string | undefined>
}

export interface Return {
  /** The parameters that came back to the app. */
  answer: Record<string, string>
  url: URL
  /** Headings of the pages that the user saw on the way. */
  pages: string[]
  verifier: string
  browser: Browser
}

/** What replies have that tests go on with. Of which endpoint it is one, they know. */
export interface ReplyBody {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly request_uri: string
  readonly accounts: readonly { readonly balance: string }[]
  readonly transactions: readonly object[]
  readonly [member: string]: unknown
}

/** A JSON reply of an endpoint. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  body: ReplyBody
}

/** The address of an authorization request, and the verifier that goes with it. */
export function authorizationRequest(
  app: TenantApp,
  parameters: Journey['parameters'] = {},
): { url: string; verifier: string } {
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL(app.metadata.authorization_endpoint)
  const all = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: REDIRECT_URI,
    scope: app.kind === 'openid-connect' ? 'openid' : 'ReadUserProfile',
    state: 'the-state',
    nonce: 'abc',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return { url: url.href, verifier }
}

/** Goes from the app to the tenant and back, filling in every form on the way. */
export async function travel(tenant: Tenant, journey: Journey = {}): Promise<Return> {
  const { browser = openBrowser(), app = tenant.apps.taxefile } = journey
  const { url, verifier } = authorizationRequest(app, journey.parameters)
  const pages: string[] = []
  let visit = await browser.get(url)
  while (pages.length < 5) {
    if (visit.status !== 302) {
      pages.push(headingOf(visit))
      visit = await fillIn(tenant, browser, visit, journey)
      continue
    }
    const next = locationOf(visit)
    if (next.href.startsWith(REDIRECT_URI)) {
      return { answer: Object.fromEntries(next.searchParams), url: next, pages, verifier, browser }
    }
    visit = await browser.get(next.href)
  }
  throw new Error(`The journey does not end: ${pages.join(', ')}`)
}

function fillIn(tenant: Tenant, browser: Browser, page: Visit, journey: Journey): Promise<Visit> {
  const { user = 'monika.a', decision = 'allow' } = journey
  const { password = tenant.users[user]?.password ?? '' } = journey
  const fields = hiddenFields(page)
  const action = new URL(page.url.pathname, page.url).href
  if (page.url.pathname === '/login') {
    return browser.post(action, { ...fields, username: user, password })
  }
  if (page.url.pathname === '/consent') return browser.post(action, { ...fields, decision })
  throw new Error(`The journey ends at “${headingOf(page)}” (${page.status})`)
}

/** Posts a form to an endpoint. */
export async function send(
  url: string,
  fields: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const body = new URLSearchParams(Object.fromEntries(given) as Record<string, string>)
  return readReply(await fetch(url, { method: 'POST', body, headers }))
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = /^\s*[{[]/.test(text)
  const { status, headers } = response
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined }
}

/** Redeems the code of a journey. */
export function redeem(
  app: TenantApp,
  { answer, verifier }: Pick<Return, 'answer' | 'verifier'>,
  fields: Record<string, string | undefined> = {},
): Promise<Reply> {
  return send(app.metadata.token_endpoint, {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    redirect_uri: REDIRECT_URI,
    code: answer.code,
    code_verifier: verifier,
    ...fields,
  })
}

export function refresh(
  app: TenantApp,
  refreshToken: string,
  fields: Record<string, string> = {},
): Promise<Reply> {
  return send(app.metadata.token_endpoint, {
    grant_type: 'refresh_token',
    client_id: app.clientId,
    refresh_token: refreshToken,
    ...fields,
  })
}

/** The whole way: sign in, consent, redeem. */
export async function getTokens(tenant: Tenant, journey: Journey = {}): Promise<Reply['body']> {
  const { app = tenant.apps.taxefile } = journey
  const { body } = await redeem(app, await travel(tenant, journey))
  return body
}

export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** The claims of a JWT, times apart, which differ from run to run. */
export function claimsOf(jwt: string): Record<string, unknown> {
  const { iat, exp, auth_time, ...claims } = decodeJwt(jwt)
  return claims
}
