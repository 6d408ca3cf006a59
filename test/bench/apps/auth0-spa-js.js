import { createAuth0Client } from '@auth0/auth0-spa-js'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, redirectUri, scope }) {
  const auth = await createAuth0Client({
    domain: new URL(issuer).host,
    clientId,
    useRefreshTokens: true,
    cacheLocation: 'localstorage',
    authorizationParams: { redirect_uri: redirectUri, scope: scope.join(' ') },
  })
  if (new URLSearchParams(location.search).has('code')) await auth.handleRedirectCallback()
  const user = await auth.getUser()
  const fetcher = auth.createFetcher()
  return {
    user: () => user?.sub,
    signIn: () => auth.loginWithRedirect(),
    signOut: () => auth.logout(),
    getToken: () => auth.getTokenSilently(),
    fetch: (url) => fetcher.fetchWithAuth(url),
  }
}
