import { AuthError } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { expect, test } from 'vitest'

test.for([
  ['abc1234', 'https://abc1234.id.cyberark.cloud'],
  ['  abc1234 ', 'https://abc1234.id.cyberark.cloud'],
  ['abc1234.id.cyberark.cloud', 'https://abc1234.id.cyberark.cloud'],
  ['ABC1234.ID.CyberArk.Cloud', 'https://abc1234.id.cyberark.cloud'],
  ['abc1234.id.cyberark.cloud/', 'https://abc1234.id.cyberark.cloud'],
  ['https://abc1234.id.cyberark.cloud', 'https://abc1234.id.cyberark.cloud'],
  ['https://abc1234.id.cyberark.cloud/', 'https://abc1234.id.cyberark.cloud'],
  ['HTTPS://abc1234.id.cyberark.cloud/', 'https://abc1234.id.cyberark.cloud'],
  ['abc1234/', 'https://abc1234.id.cyberark.cloud'],
  ['abc1234.id.cyberark.cloud.', 'https://abc1234.id.cyberark.cloud'],
  ['https://abc1234.id.cyberark.cloud.:8443/', 'https://abc1234.id.cyberark.cloud:8443'],
  ['localhost', 'https://localhost'],
  ['127.0.0.1:8080/', 'https://127.0.0.1:8080'],
  ['acme.my.idaptive.app', 'https://acme.my.idaptive.app'],
  ['https://sso.example.com/', 'https://sso.example.com'],
  ['sso.example.com:8443', 'https://sso.example.com:8443'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://tenant.localhost:8080', 'http://tenant.localhost:8080'],
  ['http://127.8.9.1:8080', 'http://127.8.9.1:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://localhost:8080/', 'http://localhost:8080'],
] as const)('cyberArkIdentity() takes the tenant %s', ([tenant, origin]) => {
  expect(cyberArkIdentity({ tenant, application: 'taxefile' })).toMatchObject({
    issuer: `${origin}/taxefile/`,
    metadata: `${origin}/taxefile/.well-known/openid-configuration`,
    provider: {
      endpoints: { revocation_endpoint: `${origin}/OAuth2/Revoke/taxefile` },
      nonceWithoutOpenid: true,
      plainBasic: true,
    },
  })
})

test.for(['taxefile', '/taxefile/', 'taxefile/', 'tax-e.file_1~'])(
  'cyberArkIdentity() takes the application %s',
  (application) => {
    const name = application.replaceAll('/', '')
    expect(cyberArkIdentity({ tenant: 'abc1234', application }).issuer).toBe(
      `https://abc1234.id.cyberark.cloud/${name}/`,
    )
  },
)

test.for([
  '',
  ' ',
  undefined,
  null,
  5,
  'https://',
  'user@abc1234.id.cyberark.cloud',
  'https://user:password@abc1234.id.cyberark.cloud',
  'abc1234.id.cyberark.cloud?x=1',
  'abc1234.id.cyberark.cloud#x',
  'abc 1234',
  'http://abc1234.id.cyberark.cloud',
  'ftp://abc1234.id.cyberark.cloud',
  'file:///x',
  'https:/abc',
  'https:/abc.id.cyberark.cloud',
  'urn:abc1234',
  'abc1234/taxefile',
  'abc1234/?x',
  'abc1234:443',
  'https://abc1234',
  'abc1234.',
  'https://abc1234.id.cyberark.cloud/taxefile/',
  'abc1234.id.cyberark.cloud\\taxefile',
  '.',
  '..',
  'a..b',
  '/',
])('cyberArkIdentity() refuses the tenant %j', (tenant) => {
  expect(() => cyberArkIdentity({ tenant: tenant as string, application: 'taxefile' })).toThrow(
    expect.objectContaining({
      name: 'AuthError',
      code: 'config',
      message:
        'cyberArkIdentity: "tenant" has to be a tenant id, its host or its https: URL, and no path.',
    }),
  )
})

test.for([
  '',
  '/',
  undefined,
  null,
  5,
  'tax efile',
  'a/b',
  'a?b',
  'a#b',
  '%2e%2e',
  '.',
  '..',
  '/../',
])('cyberArkIdentity() refuses the application %j', (application) => {
  expect(() => cyberArkIdentity({ tenant: 'abc1234', application: application as string })).toThrow(
    expect.objectContaining({
      name: 'AuthError',
      code: 'config',
      message:
        'cyberArkIdentity: "application" has to be the application ID of the Admin Portal, which has no spaces: not the display name.',
    }),
  )
})

test.for([
  [undefined, 'its options have to be an object; there are tenant, application.'],
  [null, 'its options have to be an object; there are tenant, application.'],
  ['abc1234', 'its options have to be an object; there are tenant, application.'],
  [
    { tennant: 'abc1234', application: 'taxefile' },
    'there is no option "tennant"; there are tenant, application.',
  ],
])('cyberArkIdentity() refuses the options %j', ([options, message]) => {
  expect(() => cyberArkIdentity(options as never)).toThrow(
    expect.objectContaining({ code: 'config', message: `cyberArkIdentity: ${message}` }),
  )
})

const TRUSTED =
  'Ask the admin to add the host name of this page, without scheme, to the trusted DNS domains (Settings, Authentication, Security Settings, API Security).'
const SCOPE =
  'The app does not have a scope of this request. The admin defines those of an API on the Scope page of the app, and their names are compared letter by letter.'
const AUTH_METHOD =
  'The app does not allow this way to sign in: ask the admin for the auth method Auth Code on its Tokens page, or Resource Owner for a password.'

test.for([
  ['network', {}, undefined],
  [
    'discovery_invalid',
    {},
    'Check the tenant and the application id: the metadata of this app is at https://abc1234.id.cyberark.cloud/taxefile/.well-known/openid-configuration; the one at the root of the tenant serves no apps.',
  ],
  [
    'authorization_error',
    { providerError: 'invalid_client', providerErrorDescription: 'invalid client creds' },
    `Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED}`,
  ],
  [
    'token_request_refused',
    {
      providerError: 'access_denied',
      providerErrorDescription: 'invalid client creds or client not allowed',
    },
    `Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED}`,
  ],
  [
    'token_request_refused',
    { providerError: 'invalid_grant', providerErrorDescription: 'challenge mismatch' },
    'The code was asked for by another tab or an older page. Sign in again.',
  ],
  [
    'token_request_refused',
    {
      providerError: 'invalid_grant',
      providerErrorDescription: 'supplied code does not match known request',
    },
    'The code was used before, or has expired. Sign in again.',
  ],
  ...['Challenge Mismatch', 'Code Does Not Match Known Request', 'Invalid Client Creds'].map(
    (providerErrorDescription, at) =>
      [
        'token_request_refused',
        { providerError: 'invalid_grant', providerErrorDescription },
        [
          'The code was asked for by another tab or an older page. Sign in again.',
          'The code was used before, or has expired. Sign in again.',
          `Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED}`,
        ][at],
      ] as const,
  ),
  [
    'token_request_refused',
    { providerError: 'invalid_client' },
    `Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED}`,
  ],
  ['provider_unavailable', { hint: 'It says "invalid_client".' }, undefined],
  [
    'authorization_error',
    { providerError: 'access_denied', providerErrorDescription: 'something else' },
    'Either the user said no, or may not run the app: then ask the admin for the Run permission.',
  ],
  [
    'authorization_error',
    { providerError: 'access_denied' },
    'Either the user said no, or may not run the app: then ask the admin for the Run permission.',
  ],
  [
    'callback_state',
    { hint: 'If the provider sent it, it refused the sign-in by "invalid_client".' },
    `If the provider sent it, it refused the sign-in by "invalid_client". Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED}`,
  ],
  [
    'callback_state',
    { hint: 'If the provider sent it, it refused the sign-in by "access_denied".' },
    'If the provider sent it, it refused the sign-in by "access_denied". Either the user said no, or may not run the app: then ask the admin for the Run permission.',
  ],
  ...['user not authorized for application', 'invalid username or password', ''].map(
    (providerErrorDescription) =>
      [
        'token_request_refused',
        { providerError: 'access_denied', providerErrorDescription },
        'The user may not run the app: then ask the admin for the Run permission. With a password: it is wrong or has expired, or the tenant wants a second factor.',
      ] as const,
  ),
  [
    'callback_state',
    { hint: 'If the provider sent it, it refused the sign-in by "server_error".' },
    undefined,
  ],
  ['authorization_error', { providerError: 'server_error' }, undefined],
  ['authorization_error', { providerError: 'constructor' }, undefined],
  ...(['authorization_error', 'token_request_refused'] as const).flatMap((code) => [
    [code, { providerError: 'invalid_scope' }, SCOPE] as const,
    [code, { providerError: 'unauthorized_client' }, AUTH_METHOD] as const,
  ]),
  [
    'callback_state',
    { hint: 'If the provider sent it, it refused the sign-in by "invalid_scope".' },
    `If the provider sent it, it refused the sign-in by "invalid_scope". ${SCOPE}`,
  ],
  [
    'callback_state',
    { hint: 'If the provider sent it, it refused the sign-in by "unauthorized_client".' },
    `If the provider sent it, it refused the sign-in by "unauthorized_client". ${AUTH_METHOD}`,
  ],
  ['timeout', {}, undefined],
] as const)('cyberArkIdentity() explains %s with %j', ([code, details, hint]) => {
  const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
  expect(provider.explain?.(new AuthError(code, 'message', details))).toBe(hint)
})

test.for([
  [
    'token_response_invalid',
    'The token response has no usable id_token.',
    'An OpenID Connect app issues ID tokens, an OAuth2 Client or OAuth2 Server app does not: ask the admin for the first, or leave out the scope openid.',
  ],
  ['token_response_invalid', 'The token response has no usable access_token.', undefined],
  [
    'id_token_invalid',
    'The ID token is refused: unexpected JWT "iss" (issuer) claim value.',
    'The issuer has to be https://abc1234.id.cyberark.cloud/taxefile/. If the tenant has several names, use the one that its tokens have; if the admin has written another issuer into the app, it is no OpenID Connect app.',
  ],
  [
    'id_token_invalid',
    'The ID token is refused: unexpected JWT "aud" (audience) claim value.',
    'The audience has to be the client id. If the admin has written another one into the app, it is no OpenID Connect app.',
  ],
  ['id_token_invalid', 'The ID token is refused: nonce.', undefined],
] as const)('cyberArkIdentity() explains %s, %s', ([code, message, hint]) => {
  const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
  expect(provider.explain?.(new AuthError(code, message))).toBe(hint)
})

test.for([
  [
    'taxefile/.well-known/openid-configuration',
    `Open this address in a tab. If there is nothing, the network is down or the name of the tenant wrong. If there is an error page, the application id is wrong. If the tab ends at another host, name that one as the tenant. If there is JSON, CORS refused: ${TRUSTED}`,
  ],
  ...['OAuth2/Token/taxefile', 'OAuth2/Keys/taxefile', 'OAuth2/UserInfo/taxefile'].map(
    (path) =>
      [
        path,
        `The network is down, or the page may not read the answer. Its status is in the browser's network panel: 4xx is a refusal (is the Client ID Type List or Anything?), 3xx a redirect, which is not followed. Otherwise CORS refused: ${TRUSTED}`,
      ] as const,
  ),
] as const)(
  'cyberArkIdentity() explains what a page can see of no answer from %s',
  ([path, hint]) => {
    const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
    const message = `https://abc1234.id.cyberark.cloud/${path} could not be reached.`
    expect(provider.explain?.(new AuthError('network', message))).toBe(hint)
  },
)

test.for([
  ['true', true],
  ['True', true],
  ['FALSE', false],
  ['False', false],
  [true, true],
  [false, false],
  ['yes', 'yes'],
  ['', ''],
  [1, 1],
  [null, null],
] as const)(
  'cyberArkIdentity() reads %j, as a tenant says that an address is verified, as %j',
  ([said, read]) => {
    const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
    const claims = { sub: 'alice', email_verified: said, phone_number_verified: said, name: said }
    expect(provider.readUserInfo?.(claims, 'client')).toEqual({
      sub: 'alice',
      email_verified: read,
      phone_number_verified: read,
      name: said,
    })
  },
)

test('cyberArkIdentity() adds no claims that UserInfo does not have', () => {
  const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
  expect(provider.readUserInfo?.({ sub: 'client', aud: 'alice' }, 'client')).toEqual({
    sub: 'alice',
    aud: 'client',
  })
})

test('the hint for a wrong document keeps what the metadata said', () => {
  const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
  const hint = 'The metadata says "https://abc1234.my.idaptive.app/TaxEfile/".'
  expect(provider.explain?.(new AuthError('discovery_invalid', 'x', { hint }))).toMatch(
    /^The metadata says "https:\/\/abc1234\.my\.idaptive\.app\/TaxEfile\/"\. Check the tenant/,
  )
})

test('the hint for a tenant that takes no pushed requests is the one that says so', () => {
  const { provider } = cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' })
  const message = 'The provider has no endpoint for pushed requests.'
  expect(provider.explain?.(new AuthError('discovery_invalid', message))).toBeUndefined()
})

test('the hint for a wrong document names the address that was asked for, on loopback too', () => {
  const { provider } = cyberArkIdentity({
    tenant: 'http://localhost:8080',
    application: 'taxefile',
  })
  expect(provider.explain?.(new AuthError('discovery_invalid', 'x'))).toBe(
    'Check the tenant and the application id: the metadata of this app is at http://localhost:8080/taxefile/.well-known/openid-configuration; the one at the root of the tenant serves no apps.',
  )
})
