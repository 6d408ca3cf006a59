import { type AuthError, type AuthOptions, createAuth } from 'tessera-auth'
import { expect, test } from 'vitest'

const SOUND: AuthOptions = {
  issuer: 'https://login.example/app/',
  clientId: 'client',
  redirectUri: '/callback',
}

const MESSAGES = {
  issuer: 'createAuth: "issuer" has to be the https: issuer in the metadata of the provider.',
  metadata: 'createAuth: "metadata" has to be an https: URL, or metadata itself.',
  provider: 'createAuth: "provider" has to be what a preset gives.',
  clientId: 'createAuth: "clientId" has to be the client id of the registration.',
  redirectUri:
    'createAuth: "redirectUri" has to be a path such as "/callback", or a registered https: URL without user info and fragment.',
  postLogoutRedirectUri:
    'createAuth: "postLogoutRedirectUri" has to be a path such as "/callback", or a registered https: URL without user info and fragment.',
  scope: 'createAuth: "scope" has to be a list of words.',
  resources:
    'createAuth: "resources" has to be a list of { url, scope }: url with https: and no query or fragment, scope a list, audience or resource and not both.',
  persistence: 'createAuth: "persistence" has to be "session", "device" or "memory".',
  capabilities: 'createAuth: "capabilities" has to be a list, such as [dpop()].',
  fetch: 'createAuth: "fetch" has to be a function.',
  timeout: 'createAuth: "timeout" has to be a number of milliseconds.',
} as const

const WRONG_URLS = [
  '',
  5,
  null,
  'https://app.example/callback#here',
  'https://user@app.example/callback',
  'https://user:password@app.example/callback',
  'http://app.example/callback',
  'javascript:alert(1)',
  'data:text/html,hi',
  'myapp:/callback',
  'https://',
  'https://app.example:99999/callback',
  'https://app example/callback',
]

const WRONG: { readonly [Name in keyof AuthOptions]-?: readonly unknown[] } = {
  issuer: [
    undefined,
    null,
    '',
    5,
    'login.example',
    'http://login.example/',
    'https://user:password@login.example/',
    'https://login.example/?tenant=1',
    'https://login.example/#tenant',
    'https://login.example/.well-known/openid-configuration',
    'javascript:alert(1)',
  ],
  metadata: ['', 5, null, true, 'login.example', 'http://login.example/metadata', 'https://a@b/c'],
  provider: ['cyberark', null, 5],
  clientId: [undefined, '', null, 5, {}],
  redirectUri: [undefined, ...WRONG_URLS],
  postLogoutRedirectUri: WRONG_URLS,
  scope: ['openid profile', null, {}, [''], ['a b'], ['caf\u00e9'], ['"quoted"'], ['back\\slash']],
  resources: [
    'https://api.example/',
    null,
    {},
    [null],
    ['https://api.example/'],
    [{}],
    [{ url: '' }],
    [{ url: 'http://api.example/' }],
    [{ url: 'https://api.example/?key=1' }],
    [{ url: 'https://api.example/#part' }],
    [{ url: 'https://user@api.example/' }],
    [{ url: 'blob:https://api.example/1' }],
    [{ url: 'https://api.example/', scope: 'read' }],
    [{ url: 'https://api.example/', scope: ['read write'] }],
    [{ url: 'https://api.example/', resource: 'https://api.example/', audience: 'api' }],
  ],
  persistence: ['', null, 'localStorage', 'sessions', true],
  capabilities: [null, 'dpop', {}, () => {}, [() => {}], ['dpop']],
  fetch: ['fetch', null, {}],
  timeout: [0, -1, Number.NaN, 'soon', null, Number.POSITIVE_INFINITY, 2 ** 32],
}

function errorOf(options: unknown): Partial<AuthError> {
  try {
    createAuth(options as AuthOptions)
  } catch (error) {
    const { name, code, message, retryable } = error as AuthError
    return { name, code, message, retryable }
  }
  return {}
}

const refusal = (message: string) => ({
  name: 'AuthError',
  code: 'config',
  message,
  retryable: false,
})

for (const [name, values] of Object.entries(WRONG)) {
  test.for(values)(`createAuth() refuses the ${name} %j`, (value) => {
    const message = MESSAGES[name as keyof AuthOptions]
    expect(errorOf({ ...SOUND, [name]: value })).toEqual(refusal(message))
  })
}

test.for(['client_secret', 'clientSecret', 'secret', 'CLIENT_SECRET'])(
  'createAuth() refuses a secret by the name of %s',
  (name) => {
    expect(errorOf({ ...SOUND, [name]: 'hunter2' })).toEqual(
      refusal(
        `createAuth: there is no option "${name}"; a browser keeps no secret: register a public client with PKCE.`,
      ),
    )
  },
)

test.for([
  'scopes',
  'authority',
  'responseType',
  'response_type',
  'usePkce',
  'onRedirectCallback',
  'constructor',
  'toString',
  'hasOwnProperty',
])('createAuth() refuses the unknown option %s, and names those there are', (name) => {
  expect(errorOf({ ...SOUND, [name]: 'token' })).toEqual(
    refusal(
      `createAuth: there is no option "${name}"; there are issuer, metadata, provider, clientId, redirectUri, postLogoutRedirectUri, scope, resources, persistence, capabilities, fetch, timeout.`,
    ),
  )
})

test('createAuth() refuses an option that would reach for a prototype', () => {
  const options = JSON.parse(`{"__proto__":{"clientId":"evil"},"issuer":"https://login.example/",
    "clientId":"client","redirectUri":"/callback"}`)
  expect(errorOf(options)).toMatchObject({ code: 'config' })
  expect(({} as { clientId?: string }).clientId).toBeUndefined()
})

test('createAuth() repeats no value in what it says', () => {
  const { message } = errorOf({ ...SOUND, redirectUri: 'https://user:hunter2@app.example/' })
  expect(message).not.toContain('hunter2')
})

test.for([
  {},
  { issuer: undefined, metadata: 'https://login.example/metadata' },
  { issuer: 'https://login.example' },
  { issuer: 'http://localhost:8080/app/' },
  { issuer: 'http://tenant.localhost:8080/app/' },
  { metadata: 'https://login.example/.well-known/openid-configuration' },
  { redirectUri: 'https://app.example/callback?from=login' },
  { redirectUri: 'http://localhost:5173/callback' },
  { redirectUri: 'http://127.0.0.1:5173/callback' },
  { redirectUri: 'callback' },
  { redirectUri: '/' },
  { scope: [] },
  { scope: ['openid', 'openid', 'urn:x:y', "!#$%&'()*+,-./"] },
  { resources: [] },
  { resources: [{ url: '/api/' }] },
  { resources: [{ url: 'https://api.example' }, { url: 'http://localhost:3000/v1' }] },
  { resources: [{ url: 'https://api.example/', redirect: 'follow', audience: 'api' }] },
  { persistence: 'memory' },
  { timeout: 1 },
  { fetch: () => Promise.reject(new TypeError('offline')) },
  { postLogoutRedirectUri: undefined, persistence: undefined, scope: undefined },
])('createAuth() takes %j', (options) => {
  expect(errorOf({ ...SOUND, ...options })).toEqual({})
})

test('createAuth() gives a frozen client whose members are all there', () => {
  const auth = createAuth(SOUND)
  expect(Object.isFrozen(auth)).toBe(true)
  expect(Object.keys(auth).sort()).toEqual([
    'authorize',
    'close',
    'fetch',
    'getAccessToken',
    'ready',
    'requireSession',
    'signIn',
    'signOut',
    'start',
    'state',
    'subscribe',
    'userInfo',
  ])
  expect(auth.state).toEqual({ status: 'starting' })
  expect(Object.isFrozen(auth.state)).toBe(true)
  expect(auth.ready).toBe(auth.ready)
})

test('createAuth() reads its options once: changing them later changes nothing', async () => {
  const resources = [{ url: 'https://api.example/' }]
  const auth = createAuth({ ...SOUND, resources })
  resources.push({ url: 'https://evil.example/' })
  ;(resources[0] as { url: string }).url = 'https://evil.example/'
  await expect(auth.getAccessToken({ url: 'https://evil.example/' })).rejects.toMatchObject({
    code: 'origin_not_allowed',
    message: 'https://evil.example is not under a listed resource; nothing was sent.',
  })
})
