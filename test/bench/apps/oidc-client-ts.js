import { UserManager } from 'oidc-client-ts'

const manager = new UserManager({
  authority: 'https://idp.example/',
  client_id: 'app',
  redirect_uri: `${location.origin}/`,
  scope: 'openid profile accounts.read',
})
if (new URLSearchParams(location.search).has('state')) await manager.signinRedirectCallback()
const user = await manager.getUser()
if (!user) await manager.signinRedirect()
document.title = user.profile.sub
globalThis.callApi = async () => {
  const { access_token } = await manager.getUser()
  return fetch('https://api.example/accounts', {
    headers: { authorization: `Bearer ${access_token}` },
  })
}
globalThis.signOut = () => manager.signoutRedirect()
