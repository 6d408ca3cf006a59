import * as oauth from 'oauth4webapi'
import { fetchWithHeader } from './fetch-with-header.js'
import { share } from './share.js'

const keep = (name, value) => localStorage.setItem(name, JSON.stringify(value))
const kept = (name) => JSON.parse(localStorage.getItem(name) ?? 'null')

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, redirectUri, scope }) {
  const client = { client_id: clientId }
  // Metadata and keys are kept from the sign-in before.
  let as = kept('metadata')
  let session = kept('session')
  const keys = kept('keys') ?? {}
  const discover = async () => {
    const url = new URL(issuer)
    as ??= await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url))
  }
  const keepSession = (response, claims) => {
    const { access_token, refresh_token = session?.refresh_token, expires_in } = response
    session = { access_token, refresh_token, claims, expires: Date.now() + expires_in * 1000 }
    keep('session', session)
  }
  const signIn = async () => {
    await discover()
    const transaction = {
      verifier: oauth.generateRandomCodeVerifier(),
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
    }
    keep('transaction', transaction)
    const target = new URL(as.authorization_endpoint)
    target.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: scope.join(' '),
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: 'S256',
    })
    location.assign(target)
  }
  const completeSignIn = async () => {
    await discover()
    const { verifier, state, nonce } = kept('transaction')
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      oauth.validateAuthResponse(as, client, new URL(location.href), state),
      redirectUri,
      verifier,
    )
    const result = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, response, { [oauth.jwksCache]: keys })
    keepSession(result, oauth.getValidatedIdTokenClaims(result))
    keep('metadata', as)
    keep('keys', keys)
  }
  const renew = share(async () => {
    await discover()
    const { refresh_token, claims } = session
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh_token)
    keepSession(await oauth.processRefreshTokenResponse(as, client, response), claims)
  })
  const getToken = async () => {
    if (session.expires < Date.now()) await renew()
    return session.access_token
  }
  if (new URLSearchParams(location.search).has('code')) await completeSignIn()
  return {
    user: () => session?.claims.sub,
    signIn,
    signOut: () => localStorage.removeItem('session'),
    getToken,
    fetch: fetchWithHeader(getToken),
  }
}
