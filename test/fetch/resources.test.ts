import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signInAgain, stateOf } from '../e2e/fixture.ts'
import { useFetchFixture } from './fixture.ts'
import { createRandom } from './random.ts'
import { type OidcProvider, startOidcProvider } from './start-oidc-provider.ts'

const fixture = useFetchFixture()

declare global {
  var randomFrom: typeof createRandom
}

const MORE = `globalThis.randomFrom = ${createRandom}`
const SEED = 8707

describe('at oidc-provider, with resource indicators', () => {
  const names = ['a', 'b', 'c'].map((name) => `https://${name}.example/`)
  let provider: OidcProvider

  beforeAll(async () => {
    provider = await startOidcProvider(`${fixture.pages.origin()}/callback`, names)
  })
  afterAll(async () => {
    await provider?.close()
  })
  beforeEach(() => {
    fixture.usePage(
      {
        issuer: provider.issuer,
        scope: ['openid', 'read'],
        resources: names.map((resource, index) => ({
          url: `${fixture.api.url}/${index}/`,
          scope: ['read'],
          resource,
        })),
        metadata: undefined as never,
      },
      MORE,
    )
  })

  /** Each request that the API saw, by the resource it was for and the audience of its token. */
  const seen = () =>
    fixture.api.log.map(({ path, headers }) => {
      const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
      return [names[Number(path[1])], decodeJwt(token).aud]
    })

  test('each resource gets its own token, side by side, and each is kept', async () => {
    const tab = await fixture.openSignedIn()
    for (let round = 0; round < 2; round++) {
      for (const index of names.keys()) {
        const status = await tab.evaluate(
          async (url) => (await auth.fetch(url)).status,
          `${fixture.api.url}/${index}/x`,
        )
        expect(status).toBe(200)
      }
    }
    expect(seen()).toEqual([...names, ...names].map((name) => [name, name]))
    const tokens = fixture.api.log.map(({ headers }) => headers.authorization)
    expect(tokens.slice(3)).toEqual(tokens.slice(0, 3))
    expect(new Set(tokens).size).toBe(3)
  })

  test('a step-up that a resource asks for gives its own token more, and leaves the others', async () => {
    fixture.api.answer(({ path, headers }) => {
      const { scope } = decodeJwt(headers.authorization?.replace(/^Bearer /, '') ?? '')
      if (path[1] !== '1' || String(scope).includes('write')) return undefined
      const challenge = 'Bearer error="insufficient_scope", scope="write"'
      return { status: 403, headers: { 'www-authenticate': challenge } }
    })
    const tab = await fixture.openSignedIn()
    const call = (index: number) =>
      tab.evaluate(
        (url) => outcomeOf(auth.fetch(url).then((response) => response.status)),
        `${fixture.api.url}/${index}/x`,
      )
    expect(await call(0)).toEqual({ value: 200 })
    const refused = await call(1)
    expect(refused).toMatchObject({
      error: {
        code: 'step_up_required',
        message: 'The API asks for the scope "write".',
        hint: 'In a click: auth.signIn(error.request).',
        request: { url: `${fixture.api.url}/1`, scope: ['write'] },
      },
    })
    await signInAgain(tab, (refused as { error: { request: object } }).error.request)
    expect((await stateOf(tab)).error).toBe(null)
    expect([await call(1), await call(0)]).toEqual([{ value: 200 }, { value: 200 }])
    expect(seen()).toEqual([0, 1, 1, 0].map((index) => [names[index], names[index]]))
    const tokens = fixture.api.log.map(({ headers }) => headers.authorization)
    expect(tokens[3]).toBe(tokens[0])
  })

  test('three hundred calls in any order, many at once, never mix them up', async () => {
    const tab = await fixture.openSignedIn()
    const statuses = await tab.evaluate(
      async ([url, seed]) => {
        const random = randomFrom(seed)
        const statuses: number[] = []
        while (statuses.length < 300) {
          const burst = Array.from({ length: 1 + Math.floor(random() * 20) }, () =>
            auth.fetch(`${url}/${Math.floor(random() * 3)}/x`, { method: 'POST', body: 'x' }),
          )
          for (const response of await Promise.all(burst)) statuses.push(response.status)
        }
        return statuses
      },
      [fixture.api.url, SEED] as const,
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(fixture.api.log).toHaveLength(statuses.length)
    for (const [wanted, audience] of seen()) expect(audience).toBe(wanted)
    expect(new Set(fixture.api.log.map(({ headers }) => headers.authorization)).size).toBe(3)
  })
})

/** Resources at addresses that a stub answers for. */
function useStubbedResources(count: number) {
  const resources = Array.from({ length: count }, (_, index) => ({
    url: `https://api.example.com/r${index}/`,
    resource: `https://r${index}.example/`,
  }))
  fixture.usePage({ resources }, MORE)
  return resources.map((each, index) => ({ ...each, name: `r${index}.example` }))
}

test('ten thousand calls in any order, never mix them up', async () => {
  const resources = useStubbedResources(3)
  const tab = await fixture.openSignedIn()
  const result = await tab.evaluate(
    async ([resources, seed]) => {
      const random = randomFrom(seed)
      const pick = (below: number) => Math.floor(random() * below)
      const wrong: string[] = []
      let sent = 0
      const client = createClient({
        resources: resources.map(({ name, ...resource }) => resource),
        fetch: async (input, init) => {
          const { url, headers } = new Request(input, init)
          if (!url.startsWith('https://api.example.com/')) return fetch(input, init)
          const name = resources.find((each) => url.startsWith(each.url))?.name
          const token = headers.get('authorization') ?? ''
          sent++
          if (!token.startsWith('Bearer access-') || !token.endsWith(`/for/${name}`)) {
            wrong.push(`${url} ${token}`)
          }
          // Answers come in another order than the questions.
          for (let turn = pick(4); turn > 0; turn--) await null
          return new Response('')
        },
      })
      await client.start()
      const calls = {
        fetch: (url: string) => client.fetch(url),
        post: (url: string) => client.fetch(new Request(url, { method: 'POST', body: 'x' })),
        authorize: async (url: string) => {
          const name = resources.find((each) => url.startsWith(each.url))?.name
          const { authorization = '' } = await client.authorize({ url })
          if (!authorization.endsWith(`/for/${name}`)) wrong.push(`${url} ${authorization}`)
          sent++
        },
      }
      let made = 0
      while (made < 10_000) {
        const burst = Array.from({ length: 1 + pick(50) }, () => {
          const url = `${resources[pick(resources.length)]?.url}${pick(1000)}`
          return Object.values(calls)[pick(3)]?.(url)
        })
        made += burst.length
        await Promise.all(burst)
      }
      client.close()
      return { wrong, complete: sent === made, enough: made >= 10_000 }
    },
    [resources, SEED] as const,
  )
  expect(result).toEqual({ wrong: [], complete: true, enough: true })
  // One token came with the sign-in, and each of the others by a refresh of its own.
  expect(
    fixture.provider.tokenRequests.map(({ grant_type, resource }) => [grant_type, resource]),
  ).toEqual([
    ['authorization_code', 'https://r0.example/'],
    ['refresh_token', expect.any(String)],
    ['refresh_token', expect.any(String)],
  ])
})

test('a page that needs six resources at once gets six tokens', async () => {
  const resources = useStubbedResources(6)
  const tab = await fixture.openSignedIn()
  const outcomes = await tab.evaluate(
    (urls) => Promise.all(urls.map((url) => outcomeOf(auth.authorize({ url })))),
    resources.map(({ url }) => url),
  )
  expect(outcomes).toEqual(
    resources.map(({ name }) => ({
      value: {
        authorization: expect.stringMatching(new RegExp(`^Bearer access-.*/for/${name}$`)),
      },
    })),
  )
})

test('a 401 of one resource renews its token alone', async () => {
  const resources = [0, 1].map((index) => ({
    url: `${fixture.api.url}/${index}/`,
    resource: `https://r${index}.example/`,
  }))
  fixture.usePage({ resources }, MORE)
  const tab = await fixture.openSignedIn()
  const call = (index: number) =>
    tab.evaluate(async (url) => (await auth.fetch(url)).status, `${fixture.api.url}/${index}/x`)
  expect([await call(0), await call(1)]).toEqual([200, 200])
  const [first, second] = fixture.api.log.map(({ headers }) => headers.authorization)
  fixture.api.answer(({ headers }) =>
    headers.authorization === second ? { status: 401 } : undefined,
  )
  expect([await call(1), await call(0)]).toEqual([200, 200])
  const tokens = fixture.api.log.map(({ headers }) => headers.authorization)
  expect(tokens).toEqual([first, second, second, expect.stringContaining('/for/r1.'), first])
  expect(tokens[3]).not.toBe(second)
})

test.for(['access_denied', 'invalid_target', 'consent_required'])(
  'what is refused for one resource, %s, is for the user to grant, and takes nothing from another',
  async (error) => {
    const [first, second] = useStubbedResources(2)
    const tab = await fixture.openSignedIn()
    const ask = (url = '', forceRenewal = false) =>
      tab.evaluate((request) => outcomeOf(auth.getAccessToken(request)), { url, forceRenewal })
    fixture.provider.answers.refuseRefresh = { status: 400, error }
    expect(await ask(second?.url)).toEqual({
      error: expect.objectContaining({
        code: 'interaction_required',
        message: 'Only the user can get this access token: call auth.signIn().',
      }),
    })
    fixture.provider.answers.refuseRefresh = undefined
    await expect
      .poll(() => ask(first?.url, true))
      .toEqual({ value: expect.stringMatching(/\/for\/r0\.example$/) })
    expect(await tab.evaluate(() => auth.state)).toMatchObject({ renewal: 'idle', error: null })
  },
)

describe('a step-up', () => {
  /** Two APIs with a token each, and what the second asks for. */
  async function openRefused(members: (index: number) => object) {
    const resources = [0, 1].map((index) => ({
      url: `${fixture.api.url}/${index}/`,
      scope: [`read${index}`],
      ...members(index),
    }))
    fixture.usePage({ resources })
    const tab = await fixture.openSignedIn()
    const ask = async (index: number, status: number, challenge: string) => {
      fixture.api.answer(() => ({ status, headers: { 'www-authenticate': challenge } }))
      const outcome = await tab.evaluate(
        (url) => outcomeOf(auth.fetch(url).then((response) => response.status)),
        `${fixture.api.url}/${index}/x`,
      )
      return outcome as { value?: number; error: { code: string; request: object } }
    }
    return { tab, ask }
  }

  test('asks for the audience of the API that wants it', async () => {
    const { tab, ask } = await openRefused((index) => ({ audience: `api ${index}` }))
    const { error } = await ask(1, 403, 'Bearer error="insufficient_scope", scope="pay"')
    await signInAgain(tab, error.request)
    expect(fixture.provider.authorizations.map(({ audience }) => audience)).toEqual([
      'api 0',
      'api 1',
    ])
    expect(fixture.provider.tokenRequests.at(-1)).toMatchObject({
      grant_type: 'authorization_code',
      audience: 'api 1',
    })
  })

  test('asks again for what was granted to the tokens of all', async () => {
    const { tab, ask } = await openRefused((index) => ({ resource: `https://r${index}.example/` }))
    const { error: first } = await ask(1, 403, 'Bearer error="insufficient_scope", scope="pay"')
    await signInAgain(tab, first.request)
    const { error: second } = await ask(0, 403, 'Bearer error="insufficient_scope", scope="more"')
    await signInAgain(tab, second.request)
    expect(fixture.provider.authorizations.at(-1)?.scope?.split(' ').toSorted()).toEqual([
      'more',
      'openid',
      'pay',
      'read0',
      'read1',
    ])
  })

  test.for<[string, (index: number) => object]>([
    ['resource', (index) => ({ resource: `https://r${index}.example/` })],
    ['audience', (index) => ({ audience: `api ${index}` })],
  ])('of one %s does not answer the same challenge for another', async ([, members]) => {
    const { tab, ask } = await openRefused(members)
    const challenge = 'Bearer error="insufficient_user_authentication", max_age=0'
    const { error } = await ask(1, 401, challenge)
    fixture.provider.answers.authTime = Math.floor(Date.now() / 1000)
    await signInAgain(tab, error.request)
    expect(await ask(1, 401, challenge)).toEqual({ value: 401 })
    expect(await ask(0, 401, challenge)).toMatchObject({ error: { code: 'step_up_required' } })
  })
})

test('a sign-in gets the token of the API that it names', async () => {
  const [, second] = useStubbedResources(2)
  const tab = await fixture.openSignedIn({ url: `${second?.url}x` })
  expect(fixture.provider.tokenRequests).toMatchObject([{ resource: second?.resource }])
  expect(
    await tab.evaluate(() => outcomeOf(auth.signIn({ url: 'https://other.example/' }))),
  ).toMatchObject({
    error: {
      code: 'origin_not_allowed',
      message: 'https://other.example is not under a listed resource; nothing was sent.',
    },
  })
})

test('any number of resources have their tokens renewed at once after sleep (R76)', async () => {
  const urls = useStubbedResources(5).map(({ url }) => url)
  const tab = await fixture.openSignedIn()
  const ask = () =>
    tab.evaluate(
      (all) => Promise.all(all.map((url) => outcomeOf(auth.getAccessToken({ url })))),
      urls,
    )
  const before = await ask()
  expect(before).toEqual(urls.map(() => ({ value: expect.any(String) })))
  await tab.evaluate(() => {
    const { now } = Date
    Date.now = () => now() + 2 * 60 * 60_000
  })
  const after = await ask()
  expect(after).toEqual(urls.map((_, at) => ({ value: expect.stringContaining(`/for/r${at}.`) })))
  expect(new Set([...before, ...after].map((each) => JSON.stringify(each))).size).toBe(10)
  // Each is bound by what it was asked for itself.
  const again = await tab.evaluate(async ([url = '']) => {
    await auth.getAccessToken({ url, forceRenewal: true })
    return outcomeOf(auth.getAccessToken({ url, forceRenewal: true }))
  }, urls)
  expect(again).toMatchObject({
    error: {
      code: 'provider_unavailable',
      message: 'The last renewals failed, or came too often.',
    },
  })
})

test('an audience may have spaces, and is asked for whole', async () => {
  const audience = 'our own API'
  const url = `${fixture.api.url}/v1/`
  fixture.usePage({ resources: [{ url, audience }] })
  const tab = await fixture.openSignedIn()
  await tab.evaluate((url) => auth.getAccessToken({ url, forceRenewal: true }), url)
  expect(fixture.provider.authorizations).toMatchObject([{ audience }])
  expect(fixture.provider.tokenRequests).toMatchObject([
    { grant_type: 'authorization_code', audience },
    { grant_type: 'refresh_token', audience },
  ])
})
