import { TENANT_SCOPES } from './scopes.mjs'

/**
 * @typedef {import('./users.mjs').TenantUser} TenantUser
 * @typedef {import('./create-apps.mjs').App} App
 */

/**
 * What users have allowed apps, until the tenant stops.
 *
 * @typedef {object} Consents
 * @property {(user: TenantUser, app: App, clientId: string, scopes: string[]) => void} add
 * @property {(user: TenantUser, app: App, clientId: string,
 *   scopes: string[]) => boolean} covers whether the user has allowed all of the
 *   scopes that an admin has defined
 * @property {() => void} forget
 */

/** @returns {Consents} */
export function createConsents() {
  /** @type {Set<string>} */
  const allowed = new Set()
  /** @type {(user: TenantUser, app: App, clientId: string, scope: string) => string} */
  const key = (user, app, clientId, scope) => [user.sub, app.id, clientId, scope].join(' ')
  return {
    add(user, app, clientId, scopes) {
      for (const scope of scopes) allowed.add(key(user, app, clientId, scope))
    },
    covers(user, app, clientId, scopes) {
      const ofAdmin = scopes.filter((scope) => TENANT_SCOPES[scope]?.admin)
      return ofAdmin.every((scope) => allowed.has(key(user, app, clientId, scope)))
    },
    forget: () => allowed.clear(),
  }
}
