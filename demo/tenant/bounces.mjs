import { randomUUID } from 'node:crypto'

/**
 * A way round by the sign-in or consent page, and what came of it. Real tenants mark the
 * authorization request that they come back to with a `bounce` parameter; here it also keeps the
 * answer, for exactly the request that the user was asked about.
 *
 * @typedef {object} Bounce
 * @property {string} id
 * @property {string} query the request, without the bounce
 * @property {string} [sessionId] the session that the user's sign-in on the way has begun
 * @property {'allowed' | 'denied'} [consent]
 */

/**
 * @typedef {object} Bounces
 * @property {(query: URLSearchParams, previous?: Bounce) => Bounce} start
 * @property {(query: URLSearchParams) => Bounce | undefined} find
 */

/** @returns {Bounces} */
export function createBounces() {
  /** @type {Map<string, Bounce>} */
  const bounces = new Map()
  return {
    start(query, previous) {
      /** @type {Bounce} */
      const bounce = {
        ...previous,
        id: randomUUID(),
        query: withoutBounce(query),
      }
      bounces.set(bounce.id, bounce)
      return bounce
    },
    find(query) {
      const bounce = bounces.get(query.get('bounce') ?? '')
      return bounce?.query === withoutBounce(query) ? bounce : undefined
    },
  }
}

/**
 * The address of a request with its bounce, as the value of `cloudRedirect`.
 *
 * @param {{ id: string }} app
 * @param {Bounce} bounce
 */
export function formatCloudRedirect(app, bounce) {
  return `Oauth2/Authorize/${app.id}?bounce=${bounce.id}&${bounce.query}`
}

/**
 * Reads a `cloudRedirect`. Anything but an authorization request at this tenant is not followed.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {unknown} cloudRedirect
 * @returns {{ path: string, app: import('./create-apps.mjs').App, query: URLSearchParams,
 *   asked: URLSearchParams, bounce: Bounce | undefined } | undefined} `asked` is the query, or what was
 *   pushed before
 */
export function readCloudRedirect(tenant, cloudRedirect) {
  if (typeof cloudRedirect !== 'string') return undefined
  const path = `/${cloudRedirect.replace(/^\/+/, '')}`
  if (!URL.canParse(path, tenant.url)) return undefined
  const url = new URL(path, tenant.url)
  const appId = url.pathname.match(/^\/oauth2\/authorize\/([\w-]+)$/i)?.[1]
  const app = tenant.apps.get(appId?.toLowerCase() ?? '')
  if (app === undefined) return undefined
  const query = url.searchParams
  const bounce = tenant.bounces.find(query)
  const asked = tenant.pushed.read(query, bounce) ?? query
  return { path: url.pathname + url.search, app, query, asked, bounce }
}

/** @param {URLSearchParams} query */
function withoutBounce(query) {
  const rest = new URLSearchParams(query)
  rest.delete('bounce')
  return rest.toString()
}
