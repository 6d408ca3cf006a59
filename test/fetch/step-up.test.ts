import { describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAgain, stateOf } from '../e2e/fixture.ts'
import { useFetchFixture } from './fixture.ts'

const fixture = useFetchFixture()
const api = () => `${fixture.api.url}/v1`

/** Refuses all requests by a challenge, until told otherwise. */
function refuse(status: number, challenge: string, body = 'refused') {
  fixture.api.answer(() => ({ status, headers: { 'www-authenticate': challenge }, body }))
}

function call(tab: Page, init: RequestInit = {}) {
  return tab.evaluate(
    ([url, init]) => outcomeOf(auth.fetch(url, init).then(async (r) => [r.status, await r.text()])),
    [`${api()}/x`, init] as const,
  )
}

/** The request of a step-up, which the outcome has to be. */
async function stepUp(tab: Page) {
  const outcome = await call(tab, { method: 'POST', body: 'x' })
  expect(outcome).toMatchObject({ error: { code: 'step_up_required' } })
  return (outcome as { error: { request: object } }).error.request
}

const asked = () => fixture.provider.authorizations.at(-1) ?? {}

test('a 403 insufficient_scope is a step-up, and signIn() takes its request as it is', async () => {
  refuse(403, 'Bearer realm="x", error="insufficient_scope", scope="pay read:all"')
  const tab = await fixture.openSignedIn()
  await tab.evaluate(() => history.replaceState({ kept: 1 }, '', '/deep/place?x=1&y#part'))
  const place = tab.url()
  expect(await call(tab, { method: 'POST', body: 'x' })).toEqual({
    error: {
      name: 'AuthError',
      code: 'step_up_required',
      message: 'The API asks for the scope "pay read:all".',
      hint: 'In a click: auth.signIn(error.request).',
      retryable: false,
      status: 403,
      request: {
        challenge: JSON.stringify([fixture.api.url, 'insufficient_scope', ['pay', 'read:all']]),
        url: api(),
        scope: ['pay', 'read:all'],
        sameUser: true,
        returnTo: place,
      },
    },
  })
  expect(fixture.provider.refreshes()).toBe(0)
  await signInAgain(tab, await stepUp(tab))
  expect(tab.url()).toBe(place)
  expect(await tab.evaluate(() => globalThis.started)).toMatchObject({
    returnTo: place,
    error: null,
  })
  expect(asked().scope).toBe('openid pay read:all')
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    scope: ['openid', 'pay', 'read:all'],
    error: null,
  })
  fixture.api.answer(() => undefined)
  expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
})

test('scopes add up over step-ups', async () => {
  const tab = await fixture.openSignedIn({ scope: ['first'] })
  for (const [scope, all] of [
    ['second', 'openid first second'],
    ['third', 'openid first second third'],
  ]) {
    refuse(403, `Bearer error="insufficient_scope", scope="${scope}"`)
    await signInAgain(tab, await stepUp(tab))
    expect(asked().scope?.split(' ').toSorted()).toEqual(all?.split(' ').toSorted())
  }
})

test('a challenge for what was granted does not hide one for more', async () => {
  refuse(
    403,
    'Bearer error="insufficient_scope", scope="openid", DPoP error="insufficient_scope", scope="pay"',
  )
  const tab = await fixture.openSignedIn()
  expect(await call(tab)).toMatchObject({
    error: { code: 'step_up_required', request: { scope: ['pay'] } },
  })
})

test('a 401 insufficient_user_authentication is a step-up with what it asks for', async () => {
  refuse(
    401,
    'Bearer error="insufficient_user_authentication", acr_values="urn:mfa urn:key", max_age="300"',
  )
  const tab = await fixture.openSignedIn()
  expect(await call(tab)).toEqual({
    error: {
      name: 'AuthError',
      code: 'step_up_required',
      message: 'The API asks for a stronger or more recent sign-in.',
      hint: 'In a click: auth.signIn(error.request).',
      retryable: false,
      status: 401,
      request: {
        challenge: JSON.stringify([
          fixture.api.url,
          'insufficient_user_authentication',
          'urn:mfa urn:key',
          '300',
        ]),
        url: api(),
        acrValues: ['urn:mfa', 'urn:key'],
        maxAge: 300,
        sameUser: true,
        returnTo: tab.url(),
      },
    },
  })
  expect(fixture.provider.refreshes()).toBe(0)
  const request = await stepUp(tab)
  fixture.provider.answers.acr = 'urn:key'
  fixture.provider.answers.authTime = Math.floor(Date.now() / 1000)
  await signInAgain(tab, request)
  expect(asked()).toMatchObject({ acr_values: 'urn:mfa urn:key', max_age: '300' })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  fixture.api.answer(() => undefined)
  expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
})

test('a 401 insufficient_user_authentication may ask for scopes as well (R146)', async () => {
  refuse(401, 'Bearer error="insufficient_user_authentication", max_age=5, scope="pay read:all"')
  const tab = await fixture.openSignedIn()
  expect(await stepUp(tab)).toMatchObject({ maxAge: 5, scope: ['pay', 'read:all'] })
})

test('a step-up after a renewal is judged by the scopes of the new token', async () => {
  let first: string | undefined
  fixture.api.answer(({ headers: { authorization } }) => {
    first ??= authorization
    if (authorization === first) return { status: 401 }
    const value = 'Bearer error="insufficient_scope", scope="read"'
    return { status: 403, headers: { 'www-authenticate': value }, body: 'refused' }
  })
  const tab = await fixture.openSignedIn({ scope: ['read'] })
  fixture.provider.answers.renewedScope = 'openid'
  expect(await call(tab)).toMatchObject({
    error: { code: 'step_up_required', request: { scope: ['read'] } },
  })
})

test.for([
  ['another acr', { acr: 'urn:password' }, 'The ID token is refused: acr.'],
  ['no acr', {}, 'The ID token is refused: acr is missing.'],
  [
    'too old a sign-in',
    { acr: 'urn:mfa', authTime: 1_000_000_000 },
    'The ID token is refused: auth_time.',
  ],
  ['no time of the sign-in', { acr: 'urn:mfa', authTime: undefined }, undefined],
] as const)(
  'a result with %s is refused, and the session stays as it was',
  async ([, answers, message]) => {
    refuse(401, 'Bearer error="insufficient_user_authentication", acr_values="urn:mfa", max_age=5')
    const tab = await fixture.openSignedIn()
    const before = await tab.evaluate(() => auth.getAccessToken())
    const request = await stepUp(tab)
    const now = Math.floor(Date.now() / 1000)
    Object.assign(fixture.provider.answers, { authTime: now }, answers)
    await signInAgain(tab, request)
    expect(await stateOf(tab)).toMatchObject({
      status: 'signed-in',
      error: { code: 'id_token_invalid', ...(message && { message }) },
    })
    expect(await tab.evaluate(() => auth.getAccessToken())).toBe(before)
  },
)

test('another user than the one signed in is refused, and hers stays the session', async () => {
  refuse(403, 'Bearer error="insufficient_scope", scope="pay"')
  const tab = await fixture.openSignedIn()
  const before = await tab.evaluate(() => auth.getAccessToken())
  const request = await stepUp(tab)
  fixture.provider.answers.user = 'peter'
  await signInAgain(tab, request)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    user: { sub: 'monika' },
    scope: ['openid'],
    error: {
      code: 'user_mismatch',
      message: 'Another user signed in than the one who was asked to.',
    },
  })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(before)
})

test.for([
  [403, 'Bearer error="insufficient_scope", scope="never"'],
  [401, 'Bearer error="insufficient_user_authentication", acr_values="urn:mfa"'],
] as const)(
  'a %s that comes again after its step-up is handed over as it is',
  async ([status, challenge]) => {
    refuse(status, challenge, 'still not')
    const tab = await fixture.openSignedIn()
    const request = await stepUp(tab)
    fixture.provider.answers.acr = 'urn:mfa'
    await signInAgain(tab, request)
    expect((await stateOf(tab)).error).toBe(null)
    for (let time = 0; time < 3; time++)
      expect(await call(tab)).toEqual({ value: [status, 'still not'] })
    expect(fixture.provider.refreshes()).toBe(0)
    expect(fixture.provider.authorizations).toHaveLength(2)
    // Another one is another step-up.
    refuse(403, 'Bearer error="insufficient_scope", scope="another"')
    expect(await stepUp(tab)).toMatchObject({ scope: ['another'] })
  },
)

test('a 403 for scopes that were granted is handed over as it is', async () => {
  refuse(403, 'Bearer error="insufficient_scope", scope="openid"', 'for another reason')
  const tab = await fixture.openSignedIn()
  expect(await call(tab)).toEqual({ value: [403, 'for another reason'] })
})

describe('no step-up is', () => {
  test.for([
    [403, 'Bearer error="insufficient_scope"'],
    [403, 'Bearer error="insufficient_scope", scope=""'],
    [403, 'Bearer error="insufficient_scope", scope="\\"\\\\"'],
    [403, 'Basic error="insufficient_scope", scope="more"'],
    [403, 'Bearer error="insufficient_user_authentication", acr_values="mfa"'],
    [403, 'Bearer scope="more"'],
    [401, 'Basic error="insufficient_user_authentication", acr_values="mfa"'],
    [400, 'Bearer error="insufficient_scope", scope="more"'],
  ] as const)('a %s with %s', async ([status, challenge]) => {
    refuse(status, challenge)
    const tab = await fixture.openSignedIn()
    expect(await call(tab)).toEqual({ value: [status, 'refused'] })
    expect(fixture.provider.refreshes()).toBe(0)
  })
})

test('what a challenge may say of scopes and ages is narrow', async () => {
  const tab = await fixture.openSignedIn()
  refuse(403, 'bearer scope="a \\"b\\" c\\\\d e", ERROR="insufficient_scope"')
  expect(await stepUp(tab)).toMatchObject({ scope: ['a', 'e'] })
  for (const age of ['-1', '1e3', 'soon', '9999999999', '']) {
    refuse(401, `Bearer error="insufficient_user_authentication", max_age="${age}"`)
    expect(await stepUp(tab)).not.toHaveProperty('maxAge')
  }
  refuse(401, 'Bearer error="insufficient_user_authentication", max_age=0')
  expect(await stepUp(tab)).toMatchObject({ maxAge: 0 })
})

test('a challenge may name many scopes, each of which is asked for whole', async () => {
  const scope = Array.from({ length: 200 }, (_, at) => `https://api.example/scope/${at}`)
  refuse(403, `Bearer error="insufficient_scope", scope="${scope.join(' ')}"`)
  const tab = await fixture.openSignedIn()
  expect(await stepUp(tab)).toMatchObject({ scope })
})

test('a challenge with long explanations is read all the same (R106)', async () => {
  const text = 'y'.repeat(8_000)
  refuse(
    401,
    `Bearer error="insufficient_user_authentication", error_description="${text}", max_age=9`,
  )
  const tab = await fixture.openSignedIn()
  expect(await stepUp(tab)).toMatchObject({ maxAge: 9 })
  expect(fixture.provider.refreshes()).toBe(0)
})

/** Headers that make a careless parser slow, by their length. */
const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  'of one letter': (length) => 'a'.repeat(length),
  'of commas': (length) => ','.repeat(length),
  'of spaces': (length) => `Bearer ${' '.repeat(length)}x`,
  'of commas and spaces': (length) => `Bearer${', '.repeat(length / 2)}`,
  'of quotes': (length) => `Bearer a=${'"'.repeat(length)}`,
  'of an open quote': (length) => `Bearer a="${'x'.repeat(length)}`,
  'of escapes': (length) => `Bearer a="${'\\\\'.repeat(length / 2)}`,
  'of escaped quotes': (length) => `Bearer a="${'\\"'.repeat(length / 2)}`,
  'of nested quotes': (length) => `Bearer a="${'b=\\"'.repeat(length / 4)}"`,
  'of schemes': (length) => 'Bearer, '.repeat(length / 8),
  'of schemes without commas': (length) => 'Bearer '.repeat(length / 7),
  'of parameters': (length) => `Bearer ${'a=b,'.repeat(length / 4)}`,
  'of equals signs': (length) => `Bearer ${'='.repeat(length)}`,
  'of a token': (length) => `Bearer ${'A'.repeat(length)}==!`,
  'of tabs': (length) => `Bearer a=b${',\t'.repeat(length / 2)}"`,
  'of scopes': (length) => `Bearer error="insufficient_scope", scope="${'s '.repeat(length / 2)}`,
}

test('hostile challenges take no time to speak of, whatever their length', async () => {
  const tab = await fixture.openSignedIn()
  const lengths = [1_000, 4_000, 1_000_000]
  const headers = Object.values(HOSTILE).flatMap((make) => lengths.map(make))
  const slowest = await tab.evaluate(async (headers) => {
    let header = ''
    const client = createClient({
      resources: [{ url: 'https://api.example.com/' }],
      fetch: async () => {
        const response = new Response('as it is', { status: 403 })
        response.headers.set('www-authenticate', header)
        return response
      },
    })
    await client.start()
    const time = async () => {
      const start = performance.now()
      const outcome = await outcomeOf(
        client.fetch('https://api.example.com/').then((r) => r.text()),
      )
      const value = 'value' in outcome ? outcome.value : outcome.error.code
      if (value !== 'as it is') throw new Error(`${value}: ${header.slice(0, 50)}`)
      return performance.now() - start
    }
    let slowest = 0
    for (header of headers) {
      // The quicker of two: a busy machine has a bad moment, a slow parser has nothing else.
      slowest = Math.max(slowest, Math.min(await time(), await time()))
    }
    client.close()
    return slowest
  }, headers)
  // A parser that is quadratic takes minutes over a million.
  expect(slowest).toBeLessThan(1_000)
})
