import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { EPOCH, SESSION, TRANSACTION } from '../../../src/session/records.ts'
import {
  ISSUER,
  METADATA,
  MINUTE,
  moveClock,
  openInMemory,
  openTab,
  sign,
  signInOnFullDisk,
  useTabs,
} from './open-tab.ts'

useTabs()

test('a session in memory is renewed where an older one lies in the database', async () => {
  const tab = await openInMemory()
  tab.answerBy(async () => ({ refresh_token: 'next' }))
  await tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  expect(tab.session.current()?.refreshToken).toBe('next')
  expect(tab.revoked).toEqual([])
})

test('a session that memory takes, because the database fails as it is stored, says so (R88)', async () => {
  let isStored = true
  const { store } = openTab().session
  const failure = new AuthError('storage_unavailable', 'It failed again.', { retryable: true })
  const tab = openTab(undefined, true, {
    isStored: () => isStored,
    store: {
      ...store,
      async put(...given) {
        const version = await store.put(...given)
        if (given[0] !== SESSION) return version
        isStored = false
        tab.session.warn(failure)
        return version
      },
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', warning: failure })
})

const TOKEN = {
  accessToken: 'kept',
  tokenType: 'Bearer',
  scope: [],
  authorizationDetails: [],
  receivedAt: Date.now(),
  expiresAt: null,
}

const CLAIMS = { iss: ISSUER, sub: 'alice' }

test.for([
  ['as it was', {}, true],
  ['of no user', { claims: null }, true],
  ['of another format', { format: 2 }, false],
  ['of another client', { clientId: 'another' }, false],
  ['that has no name', { sessionId: 5 }, false],
  ['of no provider', { metadata: {}, claims: null }, false],
  ['of nobody knows which provider', { metadata: undefined, claims: null }, false],
  ['that has answered nobody knows what', { answered: 'all' }, false],
  ['of a user of another provider', { claims: { ...CLAIMS, iss: 'https://evil.example/' } }, false],
  ['of no tokens', { tokens: undefined }, false],
  ['whose token is none', { tokens: { '': { ...TOKEN, accessToken: 5 } } }, false],
  ['whose token wants a key', { tokens: { '': { ...TOKEN, tokenType: 'DPoP' } } }, false],
  ['whose token is for nobody knows what', { tokens: { '': { ...TOKEN, scope: 'all' } } }, false],
  ['whose token came at no time', { tokens: { '': { ...TOKEN, receivedAt: 'now' } } }, false],
  ['whose token ends at no time', { tokens: { '': { ...TOKEN, expiresAt: 'later' } } }, false],
] as const)('a stored session %s is taken for one or not (R93)', async ([, change, isOne]) => {
  const { session } = openTab()
  const kept = {
    format: 1,
    clientId: 'client',
    metadata: METADATA,
    answered: [],
    sessionId: 'kept',
  }
  const record = { ...kept, epoch: 0, begunAt: 0, claims: CLAIMS, tokens: { '': TOKEN }, ...change }
  await session.store.put(SESSION, record, (all) => !!all.set(EPOCH, 0))
  expect(await session.revalidate()).toBe(isOne)
  expect(session.usable('')).toEqual(isOne ? TOKEN : undefined)
  expect(session.warning()).toBeNull()
})

test('a page that comes back without a network shows nobody before the store is read (R124)', async () => {
  const all = new Map<string, unknown>()
  const [tab, other] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice', { refresh_token: 'next', expires_in: 90 })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  tab.session.show()
  await other.session.revalidate()
  await endSession(other.session, undefined, 'signed-out')
  vi.stubGlobal('navigator', { onLine: false })
  const release = tab.holdUp()
  tab.session.dispatch({ type: 'suspended' })
  const seen: string[] = []
  tab.session.subscribe(({ status }) => seen.push(status))
  const reading = tab.session.revalidate()
  // The timer of the renewal is as late as the page.
  vi.advanceTimersByTime(95_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(seen).toEqual(['starting'])
  release()
  expect(await reading).toBe(false)
  expect(seen).toEqual(['starting', 'signed-out'])
})

test('a token is at hand while the store is read again, and of the user on show alone', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  const reading = tab.session.revalidate()
  const token = tab.session.current()?.tokens['']
  expect([tab.session.usable(''), tab.session.atHand('')]).toEqual([undefined, token])
  await reading
  await tab.complete(await tab.begin(false), 'bob')
  expect(tab.session.atHand('')).toBeUndefined()
  tab.session.show()
  expect(tab.session.atHand('')).toEqual(tab.session.current()?.tokens[''])
})

test.for([
  [
    'an endpoint that is not https:',
    { metadata: { ...METADATA, token_endpoint: 'http://evil.example/' } },
  ],
  ['a refresh token that is no text', { refreshToken: 5 }],
  ['an ID token that is no text', { idToken: {} }],
] as const)('a stored session with %s counts as absent (R93)', async ([, change]) => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  const stored = await one.session.store.get(SESSION)
  await one.session.store.put(SESSION, { ...(stored?.content as object), ...change })
  expect(await other.session.revalidate()).toBe(false)
  // It is no failure of the storage.
  expect(other.session.warning()).toBeNull()
})

test('a stored sign-in without a verifier counts as absent (R93)', async () => {
  const { session, begin } = openTab()
  const { state } = await begin(false)
  const stored = await session.store.get(TRANSACTION + state)
  const content = { ...(stored?.content as object), verifier: undefined }
  await session.store.put(TRANSACTION + state, content)
  const { transaction } = await findSignIn(session, new URLSearchParams({ state, code: 'code' }))
  expect(transaction).toBeUndefined()
})

test('a user who signs in again on a full disk stays signed in elsewhere, by the token that there is', async () => {
  const all = new Map<string, unknown>()
  const [tab, other] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice')
  expect(await signInOnFullDisk(tab, 'alice')).toMatchObject({ error: null })
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.current()).toMatchObject({
    claims: { sub: 'alice' },
    refreshToken: undefined,
  })
})

test.for([
  ['rotated', { refresh_token: 'next' }, 'next', undefined],
  ['kept', {}, 'refresh alice', 'refresh alice'],
] as const)(
  'a refresh token that is %s on a full disk is used by whoever has the newest (R69)',
  async ([, answer, own, others]) => {
    const all = new Map<string, unknown>()
    const [tab, other] = [openTab(all), openTab(all)]
    await tab.complete(await tab.begin(false), 'alice')
    tab.answerBy(async () => {
      tab.fillDisk()
      return answer
    })
    await tab.session.token('', undefined, true)
    await tab.session.revalidate()
    expect(tab.session.current()?.refreshToken).toBe(own)
    expect(await other.session.revalidate()).toBe(true)
    expect(other.session.current()?.refreshToken).toBe(others)
  },
)

test('a browser that gives back no key leaves the session in memory', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  // As WebKit does if it cannot open a key that it has stored.
  all.set('key', { ...(all.get('key') as object), key: null })
  await tab.session.revalidate()
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'alice' } })
})

test('a warning does not make a session look renewed that only the user can renew', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice', { expires_in: 0 })
  tab.session.show()
  await expect(tab.session.token('')).rejects.toMatchObject({ code: 'session_expired' })
  const seen: unknown[] = []
  tab.session.subscribe((state) => seen.push((state as { renewal?: string }).renewal))
  const warning = new AuthError('storage_unavailable', 'It failed.')
  tab.session.warn(warning)
  await tab.session.revalidate()
  expect(tab.session.state()).toMatchObject({ renewal: 'expired', warning })
  expect(seen).toEqual(['expired', 'expired'])
})

test('a session in memory is not replaced by one that lies in the database', async () => {
  const all = new Map<string, unknown>()
  const before = openTab(all)
  await before.complete(await before.begin(false), 'alice')
  const tab = openTab(all, false)
  expect(await tab.session.revalidate()).toBe(false)
  await tab.complete(await tab.begin(false), 'bob')
  expect(await tab.session.revalidate()).toBe(true)
  expect(tab.session.current()?.claims?.sub).toBe('bob')
})

test('a step-up goes on where the browser has deleted what was stored', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  all.clear()
  expect(await tab.session.revalidate()).toBe(true)
  expect(tab.session.state()).toMatchObject({
    status: 'signed-in',
    warning: { code: 'storage_unavailable', message: 'The browser deleted what was stored.' },
  })
  expect(await tab.complete(await tab.begin(true), 'alice')).toMatchObject({ error: null })
})

test('a session goes on where the database fails to give it back, with a warning', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.failTwice()
  expect(await tab.session.revalidate()).toBe(true)
  expect(tab.session.state()).toMatchObject({
    status: 'signed-in',
    warning: { code: 'storage_unavailable', message: 'It failed in passing.' },
  })
})

test('a user who signs in again where nothing can be stored or deleted notes no sign-out', async () => {
  const notes: string[] = []
  const tab = openTab(undefined, true, {
    notePendingSignOut: (sessionId) => notes.push(sessionId),
  })
  await tab.complete(await tab.begin(false), 'alice')
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    tab.fillDisk(true)
    return { refresh_token: 'next', id_token: await sign('alice', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(completed?.error).toBeNull()
  expect(notes.filter(Boolean)).toEqual([])
})

test('the first warning stays until the storage works again', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.fillDisk()
  tab.answerBy(async () => ({ refresh_token: 'next' }))
  await tab.session.token('', undefined, true)
  const first = tab.session.warning()
  expect(first).toMatchObject({ code: 'storage_unavailable', message: 'There is no room.' })
  tab.session.warn(new AuthError('storage_unavailable', 'It failed in passing.'))
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', warning: first })
  expect(tab.session.warning()).toBe(first)
  tab.mendDisk()
  moveClock(MINUTE)
  tab.answerBy(async () => ({ refresh_token: 'next but one' }))
  await tab.session.token('', undefined, true)
  expect(tab.session.warning()).toBeNull()
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', warning: null })
})

test('a page that finds nothing stored, and knew of no session, has nothing to warn of', async () => {
  const { session } = openTab()
  expect(await session.revalidate()).toBe(false)
  expect(session.warning()).toBeNull()
})
