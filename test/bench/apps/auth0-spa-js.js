import { createAuth0Client } from '@auth0/auth0-spa-js'

const auth = await createAuth0Client({
  domain: 'idp.example',
  clientId: 'app',
  authorizationParams: {
    redirect_uri: `${location.origin}/`,
    scope: 'openid profile accounts.read',
    audience: 'https://api.example/',
  },
})
if (new URLSearchParams(location.search).has('state')) await auth.handleRedirectCallback()
if (!(await auth.isAuthenticated())) await auth.loginWithRedirect()
document.title = (await auth.getUser()).sub
globalThis.callApi = async () =>
  fetch('https://api.example/accounts', {
    headers: { authorization: `Bearer ${await auth.getTokenSilently()}` },
  })
globalThis.signOut = () => auth.logout()
