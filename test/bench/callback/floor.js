import * as oauth from 'oauth4webapi'

const insecure = { [oauth.allowInsecureRequests]: true }
const kept = (name) => JSON.parse(sessionStorage.getItem(name) ?? 'null')
const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value))

/**
 * The flow as the documentation of oauth4webapi has it, with the signature verified. With `warm`,
 * metadata and keys are kept from the sign-in before; what is kept is readable.
 */
export async function run({ issuer, clientId, redirectUri, warm }) {
  const client = { client_id: clientId }
  const url = new URL(location.href)
  let as = warm && kept('metadata')
  if (!as) {
    const response = await oauth.discoveryRequest(new URL(issuer), insecure)
    as = await oauth.processDiscoveryResponse(new URL(issuer), response)
  }
  if (!url.searchParams.has('code')) {
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const nonce = oauth.generateRandomNonce()
    keep('transaction', { verifier, state, nonce })
    const target = new URL(as.authorization_endpoint)
    target.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    location.assign(target)
    return new Promise(() => {})
  }
  const { verifier, state, nonce } = kept('transaction')
  const parameters = oauth.validateAuthResponse(as, client, url, state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    insecure,
  )
  const result = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  const cache = (warm && kept('keys')) || {}
  await oauth.validateApplicationLevelSignature(as, response, {
    ...insecure,
    [oauth.jwksCache]: cache,
  })
  keep('metadata', as)
  keep('keys', cache)
  keep('token', result.access_token)
  return performance.now()
}
