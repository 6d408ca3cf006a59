/**
 * @typedef {object} TenantScope
 * @property {string} about what the consent page says
 * @property {boolean} admin whether an admin of the tenant has defined it
 * @property {RegExp[]} rest the REST paths of the tenant that it opens
 */

/**
 * A scope of an OAuth2 Client app is a named set of regular expressions over the tenant's REST
 * paths. The bank's scopes open nothing at the tenant: the bank itself checks them.
 *
 * @type {Record<string, TenantScope>}
 */
export const TENANT_SCOPES = {
  openid: { about: 'Know who you are', admin: false, rest: [] },
  profile: { about: 'See your name and user name', admin: false, rest: [] },
  email: { about: 'See your e-mail address', admin: false, rest: [] },
  address: { about: 'See your postal address', admin: false, rest: [] },
  phone: { about: 'See your phone number', admin: false, rest: [] },
  ReadUserProfile: {
    about: 'Read your user profile in this tenant',
    admin: true,
    rest: [/^\/cdirectoryservice\/getuser$/i],
  },
  ManageUsers: {
    about: 'Create users in this tenant',
    admin: true,
    rest: [/^\/cdirectoryservice\/(get|create)user$/i],
  },
  'accounts.read': { about: 'See your bank accounts and their balances', admin: true, rest: [] },
  'payments.write': { about: 'Make transfers from your bank accounts', admin: true, rest: [] },
}

/**
 * The scopes of a request that this tenant knows, once each and in the order asked. Others are
 * ignored, as RFC 6749 §3.3 allows.
 *
 * @param {string | undefined} scope
 * @returns {string[]}
 */
export function knownScopes(scope) {
  const asked = new Set((scope ?? '').split(' '))
  return [...asked].filter((name) => Object.hasOwn(TENANT_SCOPES, name))
}

/**
 * The granted scope as this tenant writes it: `openid` is appended, asked for or not.
 *
 * @param {string[]} scopes
 */
export function formatGrantedScope(scopes) {
  return [...scopes.filter((name) => name !== 'openid'), 'openid'].join(' ')
}
