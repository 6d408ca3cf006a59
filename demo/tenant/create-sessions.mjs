import { randomBytes } from 'node:crypto'
import { findUserBySub } from './users.mjs'

/**
 * The tenant's single sign-on session: one cookie for all of its apps.
 *
 * @typedef {object} SignInSession
 * @property {string} id
 * @property {import('./users.mjs').TenantUser} user
 * @property {number} signedInAt
 */

/**
 * @typedef {object} Sessions
 * @property {(req: import('express').Request) => SignInSession | undefined} read
 * @property {(res: import('express').Response, user: import('./users.mjs').TenantUser) => SignInSession} begin
 * @property {(req: import('express').Request, res: import('express').Response) => void} end
 * @property {(id: string | undefined) => boolean} isAlive
 * @property {() => void} endAll
 */

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @returns {Sessions}
 */
export function createSessions(tenant) {
  /** @type {Map<string, { id: string, sub: string, signedInAt: number }>} */
  const sessions = new Map()
  // Cookies know no ports: two tenants on one machine must not share a name.
  const cookieName = `tenant_session_${new URL(tenant.url).port}`
  const cookieOptions = () => {
    const { sameSite } = tenant.switches
    return /** @type {const} */ ({
      httpOnly: true,
      path: '/',
      sameSite,
      secure: sameSite === 'none',
    })
  }
  return {
    read(req) {
      const stored = sessions.get(readCookie(req.headers.cookie, cookieName))
      const user = findUserBySub(tenant.users, stored?.sub)
      return stored && user && { id: stored.id, user, signedInAt: stored.signedInAt }
    },
    begin(res, user) {
      const id = randomBytes(32).toString('base64url')
      const signedInAt = Date.now()
      sessions.set(id, { id, sub: user.sub, signedInAt })
      res.cookie(cookieName, id, cookieOptions())
      return { id, user, signedInAt }
    },
    end(req, res) {
      sessions.delete(readCookie(req.headers.cookie, cookieName))
      res.clearCookie(cookieName, cookieOptions())
    },
    isAlive: (id) => id !== undefined && sessions.has(id),
    endAll: () => sessions.clear(),
  }
}

/**
 * @param {string | undefined} header
 * @param {string} name
 */
function readCookie(header, name) {
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim().split('='))
  return cookies.find(([key]) => key === name)?.[1] ?? ''
}
