import Keycloak from 'keycloak-js'
import { fetchWithHeader } from './fetch-with-header.js'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, home, scope }) {
  const keycloak = new Keycloak({ oidcProvider: issuer, clientId })
  await keycloak.init({
    onLoad: 'check-sso',
    silentCheckSsoRedirectUri: `${home}silent.html`,
    checkLoginIframe: false,
    scope: scope.join(' '),
  })
  const getToken = async () => {
    await keycloak.updateToken(30)
    return keycloak.token
  }
  return {
    user: () => keycloak.tokenParsed?.sub,
    signIn: () => keycloak.login({ redirectUri: `${home}callback` }),
    signOut: () => keycloak.logout(),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
