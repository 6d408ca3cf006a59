import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createAuth } from 'tessera-auth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readMetadata } from '../../../src/protocol/read-metadata.ts'
import { readTokenResponse } from '../../../src/protocol/read-token-response.ts'
import { createDatabase } from './create-database.ts'

const [own, evil] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
const ownKeys = { keys: [await exportJWK(own.publicKey)] }
const evilKeys = { keys: [await exportJWK(evil.publicKey)] }
const ENDPOINTS = {
  issuer: 'https://login.example',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}
const METADATA = { ...ENDPOINTS, jwks: ownKeys }
const EVIL = 'https://evil.example/'

/** What a script has put on the prototype of all objects, with the names of its members. */
const planted: Record<string, unknown> = Object.prototype as never
const names: string[] = []
function plant(name: string, value: unknown) {
  names.push(name)
  planted[name] = value
}

beforeEach(() => {
  const request = (_: string, __: object, task: () => Promise<unknown>) => task()
  vi.stubGlobal('navigator', { onLine: true, locks: { request } })
  vi.stubGlobal('indexedDB', createDatabase())
})

afterEach(() => {
  for (const name of names.splice(0)) delete planted[name]
  vi.unstubAllGlobals()
})

interface Provider {
  readonly metadata?: object
  readonly key?: CryptoKey
  /** Members of the first token response, of the first ID token, and of a renewed one. */
  readonly tokens?: object
  readonly first?: object
  readonly renewed?: object
}

/** A client, a sign-in with it, and all that it sends. */
function createClient({ metadata = METADATA, key = own.privateKey, ...given }: Provider = {}) {
  const sent: [url: string, body: string][] = []
  let nonce: string | null = null
  const sign = (claims: object | undefined) => {
    const now = Math.floor(Date.now() / 1000)
    const common = { iss: ENDPOINTS.issuer, sub: 'alice', aud: 'client', iat: now, exp: now + 600 }
    const token = new SignJWT({ ...common, ...claims })
    return token.setProtectedHeader({ alg: 'RS256' }).sign(key)
  }
  const auth = createAuth({
    metadata: metadata as typeof METADATA,
    clientId: 'client',
    redirectUri: 'https://app.example/callback',
    persistence: 'device',
    fetch: async (input, init) => {
      const [url, body] = [String(input), String(init?.body)]
      sent.push([url, body])
      const isCode = body.includes('authorization_code')
      return Response.json({
        access_token: 'token',
        token_type: 'Bearer',
        refresh_token: 'next',
        ...given.tokens,
        id_token: await sign(isCode ? { nonce, ...given.first } : given.renewed),
      })
    },
  })
  const signIn = () =>
    auth.signIn({
      via: async (prepared) => {
        const { url, state } = await prepared
        nonce = new URL(url).searchParams.get('nonce')
        return new URLSearchParams({ code: 'code', state })
      },
    })
  const sentToEvil = () => sent.filter(([url]) => url.startsWith(EVIL))
  return { auth, signIn, sent, sentToEvil }
}

test.for([
  'jwks_uri',
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
])('readMetadata() takes no %s that is inherited', (name) => {
  plant(name, EVIL)
  const metadata = readMetadata(METADATA, undefined, false)
  expect(Reflect.get(metadata, name)).toBeUndefined()
})

test.for(['refresh_token', 'id_token', 'scope', 'authorization_details'])(
  'readTokenResponse() takes no %s that is inherited',
  (name) => {
    plant(name, '5')
    const json = { access_token: 'token', token_type: 'Bearer' }
    const answer = { status: 200, json, headers: new Headers(), receivedAt: 0 }
    expect(Reflect.get(readTokenResponse(answer, 'bearer'), name)).toBeUndefined()
  },
)

test.for([false, true])(
  'an inherited endpoint gets no token, also where the page was reloaded: %s',
  async (isReloaded) => {
    const before = createClient()
    for (const name of ['revocation_endpoint', 'userinfo_endpoint']) plant(name, EVIL)
    await before.signIn()
    if (isReloaded) before.auth.close()
    const { auth, sentToEvil } = isReloaded ? createClient() : before
    await auth.start()
    expect(auth.state).toMatchObject({ status: 'signed-in', user: { sub: 'alice' } })
    await expect(auth.userInfo()).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: 'The UserInfo endpoint has no usable address.',
    })
    await auth.signOut({ local: true })
    expect(sentToEvil()).toEqual([])
    auth.close()
  },
)

test('what is inherited is no capability', async () => {
  const used: string[] = []
  for (const name of ['bind', 'push', 'wait']) plant(name, () => void used.push(name))
  const { auth, signIn } = createClient()
  await signIn()
  expect(await auth.getAccessToken({ forceRenewal: true })).toBe('token')
  expect(used).toEqual([])
  auth.close()
})

test('an inherited refresh token is not used', async () => {
  plant('refresh_token', 'evil')
  const { auth, signIn, sent } = createClient({ tokens: { refresh_token: undefined } })
  await signIn()
  await expect(auth.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
    code: 'interaction_required',
    message: 'Only the user can get this access token: call auth.signIn().',
  })
  expect(sent).toHaveLength(1)
  auth.close()
})

test.for([
  ['jwks', evilKeys],
  ['jwks_uri', EVIL],
])('an ID token is not verified by an inherited %s', async ([name, value]) => {
  const { auth, signIn, sentToEvil } = createClient({ metadata: ENDPOINTS, key: evil.privateKey })
  plant(name as string, value)
  await expect(signIn()).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: 'The provider has no usable list of keys.',
  })
  expect(auth.state).toMatchObject({ status: 'signed-out' })
  expect(sentToEvil()).toEqual([])
  auth.close()
})

test.for([
  ['has none', {}, { azp: 'client' }, 'azp'],
  ['names the client', { azp: 'client' }, {}, 'azp is missing'],
] as const)(
  'a renewed ID token is refused whose azp is not that of a first one that %s',
  async (row) => {
    const [, first, renewed, what] = row
    const { auth, signIn } = createClient({ first, renewed })
    await signIn()
    await expect(auth.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
      code: 'session_expired',
      message: `The provider ended the session: The ID token is refused: ${what}.`,
    })
    auth.close()
  },
)

test('an endpoint that will not become text is refused as one that is no URL', async () => {
  const metadata = { ...METADATA, authorization_endpoint: { toString: 1 } }
  const { auth, signIn } = createClient({ metadata })
  await expect(signIn()).rejects.toMatchObject({
    code: 'insecure_url',
    message: 'The authorization_endpoint of the provider is not an https: URL.',
  })
  auth.close()
})
