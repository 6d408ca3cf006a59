import { OktaAuth } from '@okta/okta-auth-js/core'
import { fetchWithHeader } from './fetch-with-header.js'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, redirectUri, scope }) {
  const okta = new OktaAuth({
    issuer,
    clientId,
    redirectUri,
    scopes: [...scope, 'offline_access'],
    authorizeUrl: `${issuer}authorize`,
    tokenUrl: `${issuer}oauth/token`,
  })
  await okta.start()
  if (okta.isLoginRedirect()) await okta.storeTokensFromRedirect()
  const getToken = () => okta.getOrRenewAccessToken()
  const { idToken } = okta.tokenManager.getTokensSync()
  return {
    user: () => idToken?.claims.sub,
    signIn: () => okta.token.getWithRedirect(),
    signOut: () => okta.signOut(),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
