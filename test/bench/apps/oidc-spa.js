import { createOidc, oidcEarlyInit } from 'oidc-spa/core'
import { fetchWithHeader } from './fetch-with-header.js'

const { shouldLoadApp } = oidcEarlyInit({ BASE_URL: '/oidc-spa/' })

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, scope }) {
  // A page that only hands the answer of the provider on, in a frame.
  if (!shouldLoadApp) return new Promise(() => {})
  const oidc = await createOidc({ issuerUri: issuer, clientId, scopes: scope })
  const getToken = async () => (await oidc.getTokens()).accessToken
  return {
    user: () => (oidc.isUserLoggedIn ? oidc.getDecodedIdToken().sub : undefined),
    signIn: () => (oidc.isUserLoggedIn ? oidc.goToAuthServer({}) : oidc.login()),
    signOut: () => oidc.logout({ redirectTo: 'home' }),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
