import { createAuth0Client } from '@auth0/auth0-spa-js'
import { createStandardPublicClientApplication, loadExternalTokens } from '@azure/msal-browser'
import Keycloak from 'keycloak-js'
import { createAuth } from 'tessera-auth'

/**
 * A signed-in client of each library, as four functions or fewer: `token` gives a token that is at
 * hand, `fetch` calls an API by what the library has for it, or by hand.
 */
const { api, metadata, tokens } = globalThis.given
const stub = async () => new Response(null, { status: 200 })

const byHand = (token) => async (fetch, url) =>
  fetch(url, { headers: { authorization: `Bearer ${await token()}` } })

async function makeTessera() {
  const options = {
    metadata,
    clientId: 'app',
    redirectUri: '/callback',
    scope: ['openid'],
    resources: [{ url: api }],
  }
  const auth = createAuth(options)
  await auth.start()
  if (auth.state.status !== 'signed-in') return void auth.signIn()
  const stubbed = createAuth({ ...options, fetch: stub })
  await stubbed.start()
  return {
    fetcher: 'auth.fetch',
    token: () => auth.getAccessToken(),
    stubbed: (url) => stubbed.fetch(url),
    loopback: (url) => auth.fetch(url),
  }
}

async function makeAuth0() {
  const auth = await createAuth0Client({
    domain: 'idp.example',
    clientId: 'app',
    authorizationParams: { redirect_uri: `${location.origin}/auth0` },
  })
  let asked
  await auth.loginWithRedirect({
    openUrl: (url) => {
      asked = new URL(url).searchParams
    },
  })
  await globalThis.noteNonce(asked.get('nonce'))
  await auth.handleRedirectCallback(`${location.origin}/auth0?code=c&state=${asked.get('state')}`)
  const fetchers = [stub, undefined].map((fetch) => auth.createFetcher(fetch ? { fetch } : {}))
  return {
    fetcher: 'createFetcher().fetchWithAuth',
    token: () => auth.getTokenSilently(),
    stubbed: (url) => fetchers[0].fetchWithAuth(url),
    loopback: (url) => fetchers[1].fetchWithAuth(url),
  }
}

async function makeMsal() {
  const authority = 'https://idp.example/common/'
  const config = {
    auth: {
      authority,
      clientId: 'app',
      knownAuthorities: ['idp.example'],
      redirectUri: `${location.origin}/msal`,
      authorityMetadata: JSON.stringify({
        ...metadata,
        issuer: 'https://idp.example/',
        authorization_endpoint: 'https://idp.example/authorize',
        token_endpoint: 'https://idp.example/token',
        jwks_uri: 'https://idp.example/jwks',
      }),
    },
  }
  const scopes = ['openid', 'orders']
  await loadExternalTokens(
    config,
    { scopes, authority },
    {
      token_type: 'Bearer',
      scope: scopes.join(' '),
      expires_in: 3600,
      access_token: tokens.access,
      id_token: tokens.id,
      client_info: btoa(JSON.stringify({ uid: 'monika', utid: 'tenant' })),
    },
    { extendedExpiresOn: 7200 },
  )
  const msal = await createStandardPublicClientApplication(config)
  const request = { scopes, account: msal.getAllAccounts()[0] }
  const token = async () => (await msal.acquireTokenSilent(request)).accessToken
  return byItself('acquireTokenSilent, header by hand', token)
}

async function makeKeycloak() {
  const keycloak = new Keycloak({ oidcProvider: metadata, clientId: 'app' })
  await keycloak.init({
    checkLoginIframe: false,
    token: tokens.access,
    idToken: tokens.id,
    refreshToken: tokens.access,
    timeSkew: 0,
  })
  const token = async () => {
    await keycloak.updateToken(30)
    return keycloak.token
  }
  return byItself('updateToken, header by hand', token)
}

const byItself = (fetcher, token) => ({
  fetcher,
  token,
  stubbed: (url) => byHand(token)(stub, url),
  loopback: (url) => byHand(token)(fetch, url),
})

const none = {
  fetcher: 'fetch',
  stubbed: (url) => stub(url, { headers: { authorization: 'Bearer x' } }),
  loopback: (url) => fetch(url, { headers: { authorization: 'Bearer x' } }),
}

const MAKERS = {
  'tessera-auth': makeTessera,
  'auth0-spa-js': makeAuth0,
  'msal-browser': makeMsal,
  'keycloak-js': makeKeycloak,
}

const CALLS = { token: 2_000, stubbed: 500, loopback: 30 }

async function timeOf(call, count) {
  const start = performance.now()
  for (let index = 0; index < count; index++) await call(`${api}x`)
  return ((performance.now() - start) * 1000) / count
}

/** Microseconds per call, by library and kind, in each round. */
globalThis.measure = async (rounds) => {
  const clients = { none }
  const failures = {}
  for (const [name, make] of Object.entries(MAKERS)) {
    const client = await make().catch((error) => {
      failures[name] = String(error)
    })
    if (client) clients[name] = client
  }
  const samples = {}
  // The first round warms the engine up.
  for (let round = -1; round < rounds; round++) {
    for (const [kind, count] of Object.entries(CALLS)) {
      for (const [name, client] of Object.entries(clients)) {
        if (!client[kind]) continue
        const time = await timeOf(client[kind], count)
        samples[kind] ??= {}
        samples[kind][name] ??= []
        if (round >= 0) samples[kind][name].push(time)
      }
    }
  }
  const fetchers = Object.entries(clients).map(([name, { fetcher }]) => [name, fetcher])
  return { samples, failures, fetchers: Object.fromEntries(fetchers) }
}
globalThis.isReady = makeTessera().then((client) => !!client)
