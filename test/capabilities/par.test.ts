import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { signInByRedirect, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()
const setup = {
  imports: "import { pushedAuthorization } from 'tessera-auth/par'",
  options: 'capabilities: [pushedAuthorization()],',
}

test('pushedAuthorization() shows nothing in the address but a reference', async () => {
  const app = await fixture.open({ ...setup, provider: { pushRequired: true } })
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
  const [pushed] = app.provider.requests('/request')
  expect(pushed?.body).toMatchObject({ code_challenge_method: 'S256', response_type: 'code' })
  const [asked] = app.provider.requests('/auth')
  expect(Object.keys(asked?.query ?? {}).sort()).toEqual(['client_id', 'request_uri'])
})

test('pushedAuthorization() uses each reference once (R164)', async () => {
  const app = await fixture.open({ ...setup, provider: { pushRequired: true } })
  for (const _ of [1, 2]) {
    await signInByRedirect(app)
    await app.tab.evaluate('auth.signOut({ local: true })')
  }
  const references = app.provider.requests('/auth').map(({ query }) => query.request_uri)
  expect(references).toHaveLength(2)
  expect(new Set(references).size).toBe(2)
})

test('pushedAuthorization() asks again where a reference ran out on its way (R164)', async () => {
  let slow = true
  const app = await fixture.open({
    ...setup,
    provider: {
      intercept(request, response) {
        if (!slow || request.method !== 'POST' || request.url !== '/request') return false
        slow = false
        // Longer on its way than it lasts.
        const body = JSON.stringify({ request_uri: 'urn:late', expires_in: 1 })
        response.setHeader('access-control-allow-origin', '*')
        void sleep(1_200).then(() => response.writeHead(201).end(body))
        return true
      },
    },
  })
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(app.provider.requests('/request')).toHaveLength(2)
  expect(app.provider.requests('/auth')[0]?.query.request_uri).not.toBe('urn:late')
})

test('pushedAuthorization() pushes with a proof, and with the nonce that is asked for', async () => {
  const app = await fixture.open({
    imports: `${setup.imports}\nimport { dpop } from 'tessera-auth/dpop'`,
    options: 'capabilities: [dpop(), pushedAuthorization()],',
    provider: { pushRequired: true, dpopRequired: true, dpopNonces: true },
  })
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
  const pushes = app.provider.requests('/request').filter(({ method }) => method === 'POST')
  expect(pushes.map(({ status }) => status)).toEqual([400, 201])
  expect(pushes.every(({ headers }) => headers.dpop)).toBe(true)
  expect(pushes[1]?.body.dpop_jkt).toMatch(/^[\w-]{43}$/)
})

test('pushedAuthorization() and popup() go together', async () => {
  const app = await fixture.open({
    imports: `${setup.imports}\nimport { popup } from 'tessera-auth/popup'`,
    options: setup.options,
    provider: { pushRequired: true },
  })
  await app.tab.click('#popup')
  expect(await app.tab.evaluate('done')).toBe('ok')
  expect(app.provider.requests('/auth')).toHaveLength(1)
})

test.for([
  ['an error', 400, { error: 'invalid_request' }, 'token_request_refused'],
  ['trouble that may pass', 503, undefined, 'provider_unavailable'],
  [
    'an error beside a reference',
    201,
    { error: 'invalid_request', request_uri: 'urn:x', expires_in: 60 },
    'token_request_refused',
  ],
  ['no reference', 201, { expires_in: 60 }, 'token_response_invalid'],
  ['an empty reference', 201, { request_uri: '', expires_in: 60 }, 'token_response_invalid'],
  ['no lifetime', 201, { request_uri: 'urn:x' }, 'token_response_invalid'],
  ['another status', 200, { request_uri: 'urn:x', expires_in: 60 }, 'token_response_invalid'],
  [
    'a lifetime in words',
    201,
    { request_uri: 'urn:x', expires_in: '60' },
    'token_response_invalid',
  ],
  ['a lifetime of zero', 201, { request_uri: 'urn:x', expires_in: 0 }, 'token_response_invalid'],
  ['a page', 201, '<p>Welcome', 'token_response_invalid'],
] as const)(
  'pushedAuthorization() never goes back to plain parameters: the answer is %s (R165)',
  async ([, status, body, code]) => {
    const app = await fixture.open({
      ...setup,
      provider: {
        intercept(request, response) {
          if (request.method !== 'POST' || request.url !== '/request') return false
          response.setHeader('access-control-allow-origin', '*')
          response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
          return true
        },
      },
    })
    await app.tab.click('#redirect')
    expect(await app.tab.evaluate('done')).toMatch(new RegExp(`^${code}: `))
    expect(app.provider.requests('/auth')).toEqual([])
    expect(await statusOf(app.tab)).toBe('signed-out')
  },
)

test('a provider that wants pushed requests is refused where the app cannot push', async () => {
  const { tab, provider } = await fixture.open({
    options: 'metadata: { ...metadata, require_pushed_authorization_requests: true },',
  })
  await tab.click('#redirect')
  expect(await tab.evaluate('done')).toBe(
    'config: signIn: this provider needs the capability pushedAuthorization().',
  )
  expect(provider.requests('/auth')).toEqual([])
})

test('a provider without an endpoint for it is refused where the app wants to push', async () => {
  const { tab, provider } = await fixture.open({
    ...setup,
    options: `${setup.options}
      metadata: { ...metadata, pushed_authorization_request_endpoint: undefined },`,
  })
  await tab.click('#redirect')
  expect(await tab.evaluate('done')).toBe(
    'discovery_invalid: The provider has no endpoint for pushed requests.',
  )
  expect(await tab.evaluate('auth.signIn().catch(({ hint }) => hint)')).toBe(
    'Leave pushedAuthorization() out of "capabilities": this app may do without it.',
  )
  expect(provider.requests('/auth')).toEqual([])
})
