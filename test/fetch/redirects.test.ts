import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useFetchFixture } from './fixture.ts'

/** Redirects to a server that answers every preflight, from anyone and for anything. */
const fixture = useFetchFixture(true)
let tab: Page

beforeAll(async () => {
  const resources = [
    { url: `${fixture.api.url}/v1/` },
    { url: `${fixture.api.url}/follow/`, redirect: 'follow' as const },
  ]
  fixture.usePage({ resources })
  tab = await fixture.openSignedIn()
})

const STATUSES = [301, 302, 303, 307, 308] as const
const BODY = 'the secret plan'

function call(folder: string, init: RequestInit) {
  return tab.evaluate(
    ([url, init]) =>
      outcomeOf(
        auth
          .fetch(url, init)
          .then((r) => [r.status, r.type, r.redirected, new URL(r.url).pathname]),
      ),
    [`${fixture.api.url}/${folder}/x`, init] as const,
  )
}

function redirectTo(url: string, status: number) {
  fixture.api.answer(({ path }) =>
    path.endsWith('/x')
      ? // A browser keeps some of them otherwise.
        { status, headers: { location: url, 'cache-control': 'no-store' } }
      : {},
  )
}

const elsewhere = () => [...fixture.other.log, ...fixture.other.preflights]

describe.for(STATUSES)('a %s to another origin', (status) => {
  test.for(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'gets nothing of a %s',
    async (method) => {
      redirectTo(`${fixture.other.url}/steal`, status)
      const body = /GET|HEAD/.test(method) ? null : BODY
      for (const redirect of ['follow', 'error'] as const) {
        expect(await call('v1', { method, body, redirect })).toMatchObject({
          error: { name: 'TypeError' },
        })
      }
      expect(await call('v1', { method, body })).toMatchObject({ error: { name: 'TypeError' } })
      expect(fixture.api.log).toHaveLength(3)
      expect(elsewhere()).toEqual([])
    },
  )

  test('is shown, and not followed, where the caller asks for it', async () => {
    redirectTo(`${fixture.other.url}/steal`, status)
    const outcome = await tab.evaluate(
      (url) =>
        outcomeOf(
          auth
            .fetch(url, { redirect: 'manual', method: 'POST', body: 'x' })
            .then((r) => [r.status, r.type, r.headers.get('location')]),
        ),
      `${fixture.api.url}/v1/x`,
    )
    expect(outcome).toEqual({ value: [0, 'opaqueredirect', null] })
    expect(elsewhere()).toEqual([])
  })

  test.for(['GET', 'HEAD'])(
    'is followed by a %s where the resource allows, with nothing in hand',
    async (method) => {
      redirectTo(`${fixture.other.url}/next`, status)
      expect(await call('follow', { method })).toEqual({ value: [200, 'cors', true, '/next'] })
      expect(fixture.other.log).toMatchObject([{ method, path: '/next' }])
      const [{ headers, body }] = fixture.other.log as [(typeof fixture.other.log)[0]]
      expect([headers.authorization, headers.dpop, headers.cookie, body.length]).toEqual([
        undefined,
        undefined,
        undefined,
        0,
      ])
    },
  )

  test.for(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])(
    'is not followed by a %s, even where the resource allows redirects',
    async (method) => {
      redirectTo(`${fixture.other.url}/steal`, status)
      for (const body of [BODY, null]) {
        expect(await call('follow', { method, body })).toMatchObject({
          error: { name: 'TypeError' },
        })
      }
      expect(fixture.api.log.map((each) => each.method)).toEqual([method, method])
      expect(elsewhere()).toEqual([])
    },
  )
})

test('a token does not come back with a redirect that returns', async () => {
  fixture.api.answer(({ path }) =>
    path.endsWith('/x')
      ? { status: 307, headers: { location: `${fixture.other.url}/bounce` } }
      : {},
  )
  fixture.other.answer(() => ({
    status: 307,
    headers: { location: `${fixture.api.url}/follow/back` },
  }))
  expect(await call('follow', {})).toEqual({ value: [200, 'cors', true, '/follow/back'] })
  expect(fixture.api.log.map(({ path, headers }) => [path, 'authorization' in headers])).toEqual([
    ['/follow/x', true],
    ['/follow/back', false],
  ])
})

test('what another origin answers is no word of the API', async () => {
  const refuse = (value: string) => ({
    status: value.includes('scope') ? 403 : 401,
    headers: { 'www-authenticate': value },
  })
  redirectTo(`${fixture.other.url}/next`, 302)
  for (const value of [
    '',
    'Bearer error="invalid_token"',
    'Bearer error="insufficient_scope", scope="all"',
    'Bearer error="insufficient_user_authentication", acr_values="high"',
  ]) {
    fixture.other.answer(() => refuse(value))
    const { status } = refuse(value)
    expect(await call('follow', {}), value).toEqual({ value: [status, 'cors', true, '/next'] })
  }
  expect(fixture.provider.refreshes()).toBe(0)
  // What the API says itself is heeded as before.
  let first: string | undefined
  fixture.api.answer(({ headers }) => {
    first ??= headers.authorization
    return headers.authorization === first ? refuse('Bearer error="invalid_token"') : undefined
  })
  expect(await call('follow', {})).toEqual({ value: [200, 'cors', false, '/follow/x'] })
  expect(fixture.provider.refreshes()).toBe(1)
})
