// @ts-check

/**
 * What an app does, with any of the libraries. `connect` finishes a callback or restores a session.
 *
 * @typedef {object} App
 * @property {() => string | undefined} user Who is signed in.
 * @property {() => unknown} signIn
 * @property {() => unknown} signOut
 * @property {() => Promise<string>} getToken An access token that holds, renewed if need be.
 * @property {(url: string) => Promise<Response>} fetch Calls an API with it.
 */

/** @typedef {(settings: import('./stage/pages.mjs').Settings) => Promise<App>} Connect */

/**
 * @typedef {object} Peer
 * @property {string} name That of its app.
 * @property {string} package
 * @property {string} configuration As its documentation recommends for a single-page app.
 */

export const OURS = 'tessera-auth'
export const FLOOR = 'floor'

/** @type {readonly Peer[]} */
export const PEERS = [
  { name: OURS, package: OURS, configuration: 'the quick start of the README' },
  {
    name: FLOOR,
    package: 'oauth4webapi',
    configuration:
      'by hand on oauth4webapi: one request after the other, tokens, metadata and keys readable in localStorage, signature verified at sign-in, no turns between tabs',
  },
  {
    name: 'oidc-client-ts',
    package: 'oidc-client-ts',
    configuration:
      'userStore in localStorage, so that tabs share the session; callers share one signinSilent()',
  },
  {
    name: 'auth0-spa-js',
    package: '@auth0/auth0-spa-js',
    configuration: 'useRefreshTokens, cacheLocation localstorage, createFetcher()',
  },
  {
    name: 'msal-browser',
    package: '@azure/msal-browser',
    configuration: 'protocolMode OIDC, cacheLocation localStorage, redirectUri is the start page',
  },
  {
    name: 'okta-auth-js',
    package: '@okta/okta-auth-js',
    configuration: 'the entry point core, running as a service, offline_access',
  },
  {
    name: 'keycloak-js',
    package: 'keycloak-js',
    configuration: 'oidcProvider, check-sso in a frame, no login iframe (the provider has none)',
  },
  {
    name: 'oidc-spa',
    package: 'oidc-spa',
    configuration: 'oidcEarlyInit() and createOidc(), tokens in memory, restored in a frame',
  },
]
