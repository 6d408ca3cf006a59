/**
 * Everything about a CyberArk tenant that an admin decides, or that nobody documents, is a switch
 * here. One table, one default each; `npm start` takes every switch as a flag
 * (`--tenant-refresh=allowed`), tests set them with `tenant.set({ refresh: 'allowed' })`.
 */

/** @typedef {{ default: string | number | readonly string[], values?: readonly string[], about: string }} Switch */

export const TENANT_SWITCHES = /** @satisfies {Record<string, Switch>} */ (
  /** @type {const} */ ({
    clientType: {
      default: 'List',
      values: ['List', 'Anything', 'Confidential'],
      about:
        'Client ID Type of the OpenID Connect app: List is public with PKCE, Confidential wants the secret, Anything takes both.',
    },
    oauth2ClientType: {
      default: 'Anything',
      values: ['List', 'Anything', 'Confidential'],
      about: 'The same for the OAuth2 Client app, which a page and a back end use side by side.',
    },
    refresh: {
      default: 'refused',
      values: ['withheld', 'refused', 'allowed'],
      about:
        'Refresh tokens: not issued; issued, but redeemed with the client secret only (what is known of real tenants); or redeemed by public clients too.',
    },
    rotation: {
      default: 'on',
      values: ['on', 'off'],
      about:
        'A refresh yields a new refresh token and the old one, used again, revokes the family; off: the reply has none and the old one stays good.',
    },
    refreshIdToken: {
      default: 'omitted',
      values: ['included', 'omitted'],
      about: 'Whether the reply to a refresh has an ID token. The vendor says it may not.',
    },
    oauth2IdToken: {
      default: 'omitted',
      values: ['omitted', 'included'],
      about: 'Whether the OAuth2 Client app sends an ID token nobody asked for.',
    },
    profileInIdToken: {
      default: 'omitted',
      values: ['omitted', 'included'],
      about:
        "Whether the ID token carries the claims of the scopes profile, email and phone. The guide's token does not, the vendor's page on claims says they can be requested there: apps must get along without.",
    },
    userinfo: {
      default: 'sound',
      values: ['sound', 'as-documented'],
      about:
        'UserInfo as it should be, or with sub and aud swapped and email_verified and phone_number_verified strings.',
    },
    revokeWithoutSecret: {
      default: 'refused',
      values: ['refused', 'allowed'],
      about: 'Whether a public client may revoke its tokens.',
    },
    jsonPassword: {
      default: 'accepted',
      values: ['accepted', 'refused'],
      about:
        "Whether the password grant reads the guide's JSON body (`user_name`) beside the form of the vendor's SDKs (`username`).",
    },
    tokenLifetime: { default: 18000, about: 'Seconds that ID and access tokens live.' },
    clockOffset: {
      default: 0,
      about: "Seconds by which the tenant's clock is ahead of the machine's, in every token.",
    },
    consent: {
      default: 'admin-scopes',
      values: ['admin-scopes', 'always', 'never'],
      about: 'When the consent page is shown: for scopes an admin has defined, always, or never.',
    },
    promptNone: {
      default: 'honoured',
      values: ['honoured', 'ignored'],
      about: 'prompt=none answers at once, or is ignored and the sign-in page appears.',
    },
    reauthentication: {
      default: 'honoured',
      values: ['honoured', 'ignored'],
      about: 'Whether prompt=login, prompt=select_account and max_age make the user sign in again.',
    },
    frames: {
      default: 'denied',
      values: ['denied', 'allowed'],
      about: "Whether the tenant's pages may be framed (X-Frame-Options, frame-ancestors).",
    },
    sameSite: {
      default: 'lax',
      values: ['lax', 'none'],
      about: 'SameSite of the sign-in cookie; none goes with Secure.',
    },
    stateOnErrors: {
      default: 'echoed',
      values: ['echoed', 'omitted'],
      about: 'Whether state comes back with an error.',
    },
    issParameter: {
      default: 'omitted',
      values: ['omitted', 'sent'],
      about: 'Whether the redirect back names the issuer (RFC 9207). Real tenants do not.',
    },
    issuerSlash: {
      default: 'trailing',
      values: ['trailing', 'none'],
      about: 'Whether the issuer ends with a slash, in the metadata and in tokens.',
    },
    endpointHost: {
      default: 'same',
      values: ['same', 'alias'],
      about:
        'Whether the endpoints are on the host of the issuer or on an alias (127.0.0.1 for localhost).',
    },
    tokenErrorType: {
      default: 'missing',
      values: ['missing', 'json'],
      about: "Content-Type of the token endpoint's errors. It was missing in the recording.",
    },
    trustedDomains: {
      default: ['localhost'],
      about: 'Trusted DNS domains: host names whose pages may read answers. No scheme, no port.',
    },
    untrustedDomain: {
      default: 'silent',
      values: ['silent', 'invalid-client'],
      about:
        'What a missing trusted domain looks like: no CORS headers only, or invalid_client on the redirect as well.',
    },
    corsMetadata: {
      default: 'on',
      values: ['on', 'off'],
      about: 'CORS headers on the metadata, for trusted domains.',
    },
    corsKeys: { default: 'on', values: ['on', 'off'], about: 'The same on the keys.' },
    corsToken: { default: 'on', values: ['on', 'off'], about: 'The same on the token endpoint.' },
    corsUserinfo: { default: 'on', values: ['on', 'off'], about: 'The same on UserInfo.' },
    corsRevoke: { default: 'on', values: ['on', 'off'], about: 'The same on revocation.' },
    corsRest: { default: 'on', values: ['on', 'off'], about: 'The same on the REST API.' },
    preflight: {
      default: 'answered',
      values: ['answered', 'refused'],
      about: 'Whether CORS preflights are granted.',
    },
    latency: { default: 0, about: 'Milliseconds that every answer is held back.' },
  })
)

/**
 * @template T
 * @typedef {T extends { values: readonly (infer Value)[] } ? Value
 *   : T extends { default: number } ? number : string[]} Position
 */

/** @typedef {{ [Name in keyof typeof TENANT_SWITCHES]: Position<(typeof TENANT_SWITCHES)[Name]> }} TenantSwitches */

const FLAG = '--tenant-'

/**
 * @param {Partial<TenantSwitches>} changes
 * @param {TenantSwitches} [current] the defaults when left out
 * @returns {TenantSwitches}
 * @throws {TypeError} when a switch does not exist or does not take that value
 */
export function resolveSwitches(changes, current = defaultSwitches()) {
  for (const [name, value] of Object.entries(changes)) assertSwitch(name, value)
  return { ...current, ...changes }
}

/**
 * Reads the tenant's switches off a command line and ignores every other argument.
 *
 * @example parseTenantFlags(['--tenant-refresh=allowed']) // { refresh: 'allowed' }
 * @param {string[]} argv
 * @returns {Partial<TenantSwitches>}
 * @throws {TypeError} when a flag starts with `--tenant-` and is no switch
 */
export function parseTenantFlags(argv) {
  const flags = argv.filter((argument) => argument.startsWith(FLAG)).map(parseFlag)
  return Object.fromEntries(flags)
}

/** @returns {TenantSwitches} */
function defaultSwitches() {
  const entries = Object.entries(TENANT_SWITCHES)
  return /** @type {any} */ (Object.fromEntries(entries.map(([name, { default: d }]) => [name, d])))
}

/** @param {string} flag */
function parseFlag(flag) {
  const [key = '', ...rest] = flag.slice(FLAG.length).split('=')
  const name = key.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
  const value = parseValue(findSwitch(name), rest.join('='))
  assertSwitch(name, value, flag)
  return [name, value]
}

/**
 * @param {Switch | undefined} tenantSwitch
 * @param {string} text
 */
function parseValue(tenantSwitch, text) {
  if (typeof tenantSwitch?.default === 'number') return text === '' ? Number.NaN : Number(text)
  if (Array.isArray(tenantSwitch?.default)) return text.split(',').filter(Boolean)
  const same = (/** @type {string} */ value) => value.toLowerCase() === text.toLowerCase()
  return tenantSwitch?.values?.find(same) ?? text
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} [as] how the caller wrote it
 */
function assertSwitch(name, value, as = name) {
  const tenantSwitch = findSwitch(name)
  if (tenantSwitch === undefined) {
    const names = Object.keys(TENANT_SWITCHES).join(', ')
    throw new TypeError(`The tenant has no switch "${as}". It has: ${names}.`)
  }
  const { default: standard, values } = tenantSwitch
  if (values !== undefined && !values.includes(String(value))) {
    throw new TypeError(`The tenant's switch "${as}" takes one of: ${values.join(', ')}.`)
  }
  if (typeof standard === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`The tenant's switch "${as}" takes a number.`)
  }
  if (Array.isArray(standard) && !(Array.isArray(value) && value.every(isHostName))) {
    throw new TypeError(`The tenant's switch "${as}" takes host names, without scheme and port.`)
  }
}

/**
 * @param {string} name
 * @returns {Switch | undefined}
 */
function findSwitch(name) {
  const all = /** @type {Record<string, Switch>} */ (TENANT_SWITCHES)
  return Object.hasOwn(all, name) ? all[name] : undefined
}

/** @param {unknown} value */
function isHostName(value) {
  return typeof value === 'string' && /^(\*\.)?[\w.-]+$/.test(value)
}
