import { createStandardPublicClientApplication, ProtocolMode } from '@azure/msal-browser'
import { fetchWithHeader } from './fetch-with-header.js'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, home, scope }) {
  const msal = await createStandardPublicClientApplication({
    auth: {
      authority: issuer,
      clientId,
      redirectUri: home,
      knownAuthorities: [new URL(issuer).host],
    },
    cache: { cacheLocation: 'localStorage' },
    system: { protocolMode: ProtocolMode.OIDC },
  })
  const result = await msal.handleRedirectPromise()
  const account = result?.account ?? msal.getAllAccounts()[0]
  const request = { scopes: scope, account }
  const getToken = async () => (await msal.acquireTokenSilent(request)).accessToken
  return {
    user: () => account?.idTokenClaims.sub,
    signIn: () => msal.loginRedirect({ scopes: scope }),
    signOut: () => msal.logoutRedirect(),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
