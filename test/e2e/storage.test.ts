import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { dump, spellings } from './dump.ts'
import {
  appPage,
  leave,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

/** What the tenant's token endpoint answered, as it passed by. */
let tokens: Record<string, string> = {}

const fixture = useFixture({
  handle(request, response) {
    if (request.url !== '/token') return false
    void (async () => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { token_endpoint: url } = fixture.tenant.apps.taxefile.metadata
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await fetch(url, { method: 'POST', headers, body })
      tokens = await answer.json()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(tokens))
    })()
    return true
  },
})

type Persistence = 'session' | 'device' | 'memory'

function usePersistence(persistence: Persistence): void {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const token_endpoint = `${fixture.origin}/token`
  fixture.pages.setPage(
    '/',
    appPage({
      ...fixture.options,
      issuer,
      metadata: { ...metadata, token_endpoint },
      persistence,
    }),
  )
}

test.for(['session', 'device', 'memory'] as const)(
  'nothing secret is readable at rest, persistence %s',
  async (persistence) => {
    fixture.tenant.set({ refresh: 'allowed' })
    usePersistence(persistence)
    const profile = await fixture.newProfile()
    const tab = await fixture.open('/', profile)
    await leave(tab, { returnTo: '/private-place', appState: { note: 'a private note' } })
    await tab.waitForSelector('#username')
    // Under way, the sign-in has to be kept somewhere: seen from another page of the app.
    const onlooker = await fixture.open('/onlooker', profile)
    const before = await dump(onlooker)
    const { state = '' } = requestsTo(fixture.tenant, 'Authorize')[0]?.query ?? {}
    const { nonce = '' } = requestsTo(fixture.tenant, 'Authorize')[0]?.query ?? {}
    await signInAtTenant(tab, fixture.origin)
    await whenStarted(tab)
    const after = await dump(tab)
    const issued = tokens
    await tab.evaluate(() => auth.getAccessToken({ forceRenewal: true }))
    const renewed = await dump(tab)
    await tab.reload()
    await whenStarted(tab)
    const reloaded = await dump(tab)

    const grant = new URLSearchParams(codeGrant())
    const secrets = {
      access_token: issued.access_token,
      refresh_token: issued.refresh_token,
      id_token: issued.id_token,
      payload: issued.id_token?.split('.')[1],
      renewed_access_token: tokens.access_token,
      renewed_refresh_token: tokens.refresh_token,
      code: grant.get('code'),
      verifier: grant.get('code_verifier'),
      nonce,
      sub: fixture.tenant.users['monika.a']?.sub,
      name: 'monika.a',
      returnTo: 'private-place',
      appState: 'a private note',
    }
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret, what).toBeTruthy()
      for (const spelling of spellings(String(secret))) {
        for (const [when, { text }] of Object.entries({ before, after, renewed, reloaded })) {
          expect(text.includes(spelling), `${what}, ${when}`).toBe(false)
        }
      }
    }
    expect(tokens.access_token).not.toBe(issued.access_token)
    expect(tokens.refresh_token).not.toBe(issued.refresh_token)
    expect(state).not.toBe('')
    // The dump sees what there is: sealed records, and a key that does not come out.
    expect(after.sealed).toBeGreaterThan(0)
    expect(after.keys.length).toBeGreaterThan(0)
    for (const key of after.keys)
      expect(key).toMatch(/^false (InvalidAccessError|NotSupportedError)$/)
    expect(profile.observed.mentions(String(tokens.access_token))).toEqual([])
    expect(profile.observed.mentions(String(tokens.refresh_token))).toEqual([])
    expect(profile.observed.console).toEqual([])

    await tab.evaluate(() => auth.signOut({ local: true }))
    const ended = await dump(tab)
    expect(ended).toMatchObject({ keys: [], sealed: 0 })
  },
)

function codeGrant(): string {
  const requests = requestsTo(fixture.tenant, 'Token')
  return requests.find(({ body }) => body.includes('authorization_code'))?.body ?? ''
}

test.for([
  ['session', 'signed-in'],
  ['device', 'signed-in'],
  ['memory', 'signed-out'],
] as const)(
  'persistence %s: after a reload, and in another tab, the user is %s',
  async ([persistence, status]) => {
    usePersistence(persistence)
    const tab = await fixture.open()
    await signIn(tab, fixture)
    expect((await stateOf(tab)).status).toBe('signed-in')
    const second = await tab.context().newPage()
    await second.goto(`${fixture.origin}/second`)
    await whenStarted(second)
    expect((await stateOf(second)).status).toBe(status)
    await tab.reload()
    await whenStarted(tab)
    expect((await stateOf(tab)).status).toBe(status)
  },
)

test('two clients on one origin do not see one another', async () => {
  const { issuer } = fixture.tenant.apps.taxefile
  fixture.pages.setPage(
    '/other',
    appPage({ issuer, clientId: 'another', redirectUri: '/callback' }),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const other = await tab.context().newPage()
  await other.goto(`${fixture.origin}/other`)
  await whenStarted(other)
  expect((await stateOf(other)).status).toBe('signed-out')
  await other.evaluate(() => auth.signOut({ local: true }))
  await tab.reload()
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

const deleteDatabases = (tab: Page) =>
  tab.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = resolve
      })
    }
  })

test('a sign-in is sealed by a key that is there, although the page knew another before', async () => {
  const tab = await fixture.open()
  const left = await tab.evaluate(() =>
    outcomeOf(
      auth.signIn({
        via: async (prepared) => {
          await prepared
          throw new DOMException('The user thought better of it.')
        },
      }),
    ),
  )
  expect(left).toMatchObject({ error: { message: 'The user thought better of it.' } })
  await deleteDatabases(tab)
  await signIn(tab, fixture, { returnTo: '/#there' })
  expect((await stateOf(tab)).status).toBe('signed-in')
  expect(await tab.evaluate(() => location.hash)).toBe('#there')
})

test('a session goes on in memory when the storage is emptied behind its back, and says so', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  await deleteDatabases(tab)
  await tab.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(token)
  expect((await stateOf(tab)).status).toBe('signed-in')
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'no-session',
    error: null,
  })
})

/** Puts records where those of the page's client lie; `all` for each name that there is. */
const putRecords = (tab: Page, records: Record<string, unknown>) =>
  tab.evaluate(async (given) => {
    for (const { name = '' } of await indexedDB.databases()) {
      await new Promise<void>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => {
          const database = opening.result
          const [storeName = ''] = database.objectStoreNames
          const store = database.transaction(storeName, 'readwrite').objectStore(storeName)
          const names = store.getAllKeys()
          names.onsuccess = () => {
            const { all, ...others } = given
            if (all) for (const key of names.result) store.put(all, key)
            for (const [key, value] of Object.entries(others)) store.put(value, key)
            store.transaction.oncomplete = () => {
              database.close()
              resolve()
            }
          }
        }
      })
    }
  }, records)

test('a record that somebody tampered with counts as absent', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await putRecords(tab, { all: { version: 'x', iv: 5, data: 'evil' } })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', error: null })
  await leave(tab)
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('records that are nothing at all stand in the way of no sign-in and no renewal (R88)', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const nothing = { 'transaction x': null, 'used x': null, 'arrival x': null }
  await putRecords(tab, { ...nothing, pace: { failures: 'x', renewed: null } })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))).toEqual({
    value: expect.stringMatching(/^eyJ/),
  })
  await leave(tab)
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
})

test("an app that goes over to persistence 'memory' renews where a session of before is stored", async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  usePersistence('device')
  const tab = await fixture.open()
  await signIn(tab, fixture)
  usePersistence('memory')
  await tab.goto(fixture.origin)
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-out')
  await signInAgain(tab)
  for (let turn = 0; turn < 2; turn++) {
    const before = tokens.refresh_token
    const forced = () => outcomeOf(auth.getAccessToken({ forceRenewal: true }))
    expect(await tab.evaluate(forced)).toEqual({ value: expect.any(String) })
    expect(tokens.refresh_token).not.toBe(before)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle' })
  }
})
