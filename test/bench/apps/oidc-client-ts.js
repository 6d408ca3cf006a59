import { UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { fetchWithHeader } from './fetch-with-header.js'
import { share } from './share.js'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, redirectUri, scope }) {
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scope.join(' '),
    userStore: new WebStorageStateStore({ store: localStorage }),
  })
  const isBack = new URLSearchParams(location.search).has('code')
  const user = isBack ? await manager.signinRedirectCallback() : await manager.getUser()
  const renew = share(() => manager.signinSilent())
  const getToken = async () => {
    const known = await manager.getUser()
    const { access_token } = known?.expired === false ? known : await renew()
    return access_token
  }
  return {
    user: () => user?.profile.sub,
    signIn: () => manager.signinRedirect(),
    signOut: () => manager.signoutRedirect(),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
