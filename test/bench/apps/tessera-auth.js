import { createAuth } from 'tessera-auth'

const auth = createAuth({
  issuer: 'https://idp.example/',
  clientId: 'app',
  redirectUri: '/',
  scope: ['openid', 'profile'],
  resources: [{ url: 'https://api.example/', scope: ['accounts.read'] }],
})
await auth.start()
if (auth.state.status !== 'signed-in') await auth.signIn()
document.title = auth.state.user.sub
globalThis.callApi = () => auth.fetch('https://api.example/accounts')
globalThis.signOut = () => auth.signOut()
