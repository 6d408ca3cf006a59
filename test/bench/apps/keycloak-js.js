import Keycloak from 'keycloak-js'

const keycloak = new Keycloak({
  oidcProvider: 'https://idp.example/',
  clientId: 'app',
})
await keycloak.init({ onLoad: 'login-required', scope: 'openid profile accounts.read' })
document.title = keycloak.tokenParsed.sub
globalThis.callApi = async () => {
  await keycloak.updateToken(30)
  return fetch('https://api.example/accounts', {
    headers: { authorization: `Bearer ${keycloak.token}` },
  })
}
globalThis.signOut = () => keycloak.logout()
