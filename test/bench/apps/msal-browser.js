import { createStandardPublicClientApplication } from '@azure/msal-browser'

const msal = await createStandardPublicClientApplication({
  auth: { authority: 'https://idp.example/', clientId: 'app', redirectUri: `${location.origin}/` },
})
const result = await msal.handleRedirectPromise()
const account = result?.account ?? msal.getAllAccounts()[0]
const request = { scopes: ['openid', 'profile', 'accounts.read'], account }
if (!account) await msal.loginRedirect(request)
document.title = account.idTokenClaims.sub
globalThis.callApi = async () => {
  const { accessToken } = await msal.acquireTokenSilent(request)
  return fetch('https://api.example/accounts', {
    headers: { authorization: `Bearer ${accessToken}` },
  })
}
globalThis.signOut = () => msal.logoutRedirect()
