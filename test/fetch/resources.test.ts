import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
        resources,
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
