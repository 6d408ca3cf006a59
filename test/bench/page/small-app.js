import { connect } from 'app'

/** The small app that is weighed: signs in, shows who it is, calls an API, signs out. */
const app = await connect({
  issuer: 'https://login.example/',
  clientId: 'app',
  home: 'https://app.example/',
  redirectUri: 'https://app.example/callback',
  scope: ['openid', 'profile', 'api.read'],
  api: 'https://api.example/',
})
if (!app.user()) await app.signIn()
document.title = app.user()
globalThis.callApi = () => app.fetch('https://api.example/accounts')
globalThis.signOut = () => app.signOut()
