import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import {
  leave,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

declare global {
  var put: IDBObjectStore['put']
  var openWell: IDBFactory['open']
}

const fixture = useFixture()

/** What a browser does when storage fails; real ones do it when they like, and not when asked. */
const FAILURES = {
  'is blocked': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  },
  'is full': () => {
    IDBObjectStore.prototype.put = function () {
      queueMicrotask(() => {
        // Of several puts of one transaction, the first has ended it.
        try {
          this.transaction.abort()
        } catch {}
      })
      return {} as IDBRequest<IDBValidKey>
    }
  },
  // As Firefox does in private windows with a key that cannot be exported.
  'clones nothing': () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The object could not be cloned.', 'DataCloneError')
    }
  },
  'never answers': () => {
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
  },
} as const
const NAMES = Object.keys(FAILURES) as (keyof typeof FAILURES)[]

const UNAVAILABLE = { name: 'AuthError', code: 'storage_unavailable' }
const KEEPS_NOTHING = { ...UNAVAILABLE, message: 'The browser keeps no data for this page.' }
const refreshes = () =>
  requestsTo(fixture.tenant, 'Token').filter(({ body }) => body.includes('refresh_token')).length
const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))

test.for(NAMES)(
  'storage that %s from the start refuses a redirect before the page leaves',
  async (name) => {
    const profile = await fixture.newProfile()
    await profile.context.addInitScript(FAILURES[name])
    const tab = await fixture.open('/', profile)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', error: null })
    expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({
      error: KEEPS_NOTHING,
    })
    expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
    expect(await stateOf(tab)).toMatchObject({
      status: 'signed-out',
      reason: 'sign-in-failed',
      error: KEEPS_NOTHING,
      warning: KEEPS_NOTHING,
    })
  },
)

// One that never answers costs three seconds each time: bounded, and too long to be tested twice.
test.for(['is blocked', 'is full', 'clones nothing'] as const)(
  'a session goes on in memory, and says so, when storage %s',
  async (name) => {
    fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
    const tab = await fixture.open()
    await signIn(tab, fixture)
    expect((await stateOf(tab)).warning).toBe(null)
    const before = await tab.evaluate(() => auth.getAccessToken())
    await tab.evaluate(FAILURES[name])
    const { value } = (await renew(tab)) as { value: string }
    expect(value).not.toBe(before)
    // The tenant rotates: what was not stored is in use all the same.
    expect(await renew(tab)).toEqual({ value: expect.any(String) })
    expect(await stateOf(tab)).toMatchObject({
      status: 'signed-in',
      renewal: 'idle',
      error: null,
      warning: UNAVAILABLE,
    })
    expect(await tab.evaluate(() => auth.signOut({ local: true }))).toEqual({ redirected: false })
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
    if (name === 'is blocked') return
    await tab.reload()
    await whenStarted(tab)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', warning: null })
  },
)

test('a page that slept while it read finds its session', async () => {
  fixture.tenant.set({ consent: 'never' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.context().addInitScript(() => {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...database) {
      IDBFactory.prototype.open = open
      const late = {} as { -readonly [Member in keyof IDBOpenDBRequest]: IDBOpenDBRequest[Member] }
      // As long as a call may take, and a moment more: nothing of the page runs, as in its sleep.
      for (const end = performance.now() + 3_200; performance.now() < end; );
      setTimeout(() => {
        const request = open.apply(this, database)
        request.onsuccess = (event) => {
          late.result = request.result
          late.onsuccess?.call(request, event)
        }
      })
      return late
    }
  })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
})

test('storage that has worked is waited for where the device is busy', async () => {
  fixture.tenant.set({ consent: 'never' })
  const tab = await fixture.open()
  await tab.evaluate(() => {
    const { open } = IDBFactory.prototype
    let opens = 0
    let busyUntil = 0
    IDBFactory.prototype.open = function (...database) {
      opens += 1
      // What comes first looks for what is known of the provider, and does without.
      if (opens === 2) busyUntil = performance.now() + 3_500
      const wait = busyUntil - performance.now()
      if (wait <= 0) return open.apply(this, database)
      const late = {} as { -readonly [Member in keyof IDBOpenDBRequest]: IDBOpenDBRequest[Member] }
      setTimeout(() => {
        const request = open.apply(this, database)
        request.onsuccess = (event) => {
          late.result = request.result
          late.onsuccess?.call(request, event)
        }
      }, wait)
      return late
    }
  })
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
})

test('a transaction that cannot be told to commit does so by itself', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  // So it is in Firefox while the page opens a window, by popup() or by itself.
  await tab.evaluate(() => {
    IDBTransaction.prototype.commit = () => {
      throw new DOMException('The transaction is not active.', 'InvalidStateError')
    }
  })
  const renewed = await renew(tab)
  expect(renewed).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
  await tab.reload()
  await whenStarted(tab)
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual(renewed)
})

test('storage that answered too late is asked again when the page comes to the front', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await profile.context.addInitScript(() => {
    globalThis.openWell = IDBFactory.prototype.open
  })
  await profile.context.addInitScript(FAILURES['never answers'])
  const [late, other] = [await fixture.open('/late', profile), await fixture.open('/', profile)]
  for (const each of [late, other]) {
    expect(await stateOf(each)).toMatchObject({
      status: 'signed-out',
      reason: 'no-session',
      warning: { ...KEEPS_NOTHING, retryable: true },
    })
  }
  const answerAgain = (each: Page) =>
    each.evaluate(() => {
      IDBFactory.prototype.open = openWell
      document.dispatchEvent(new Event('visibilitychange'))
    })
  await answerAgain(late)
  await late.waitForFunction(() => auth.state.status === 'signed-in')
  expect(await stateOf(late)).toMatchObject({ renewal: 'idle', warning: null })
  const { value } = (await renew(late)) as { value: string }
  await expect.poll(() => tab.evaluate(() => auth.getAccessToken())).toBe(value)
  // And it is known that there is none, where there is none any more.
  await tab.evaluate(() => auth.signOut({ local: true }))
  await answerAgain(other)
  await other.waitForFunction(() => !(auth.state as { warning?: unknown }).warning)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  fixture.tenant.clearLog()
  await leave(other)
  await expect.poll(() => requestsTo(fixture.tenant, 'Authorize')).toHaveLength(1)
})

test('a tab that cannot store its new refresh token keeps the others from using the old one up', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const full = await fixture.open('/', profile)
  await signIn(full, fixture)
  const other = await fixture.open('/other', profile)
  const stored = await other.evaluate(() => auth.getAccessToken())
  await full.evaluate(() => {
    globalThis.put = IDBObjectStore.prototype.put
  })
  await full.evaluate(FAILURES['is full'])
  expect(await renew(full)).toEqual({ value: expect.any(String) })
  // The tenant would take the old one for stolen, and end the session of both.
  expect(await renew(other)).toMatchObject({
    error: {
      code: 'interaction_required',
      message: 'Only the user can get this access token: call auth.signIn().',
    },
  })
  const later = await fixture.open('/later', profile)
  for (const tab of [other, later]) {
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
    expect(await tab.evaluate(() => auth.getAccessToken())).toBe(stored)
  }
  expect(await renew(full)).toEqual({ value: expect.any(String) })
  expect(refreshes()).toBe(2)
  await full.evaluate(() => {
    IDBObjectStore.prototype.put = globalThis.put
  })
  const { value } = (await renew(full)) as { value: string }
  await expect.poll(() => later.evaluate(() => auth.getAccessToken())).toBe(value)
  expect(await renew(other)).toEqual({ value: expect.any(String) })
  expect(refreshes()).toBe(4)
  await other.evaluate(() => auth.signOut({ local: true }))
  await full.waitForFunction(() => auth.state.status === 'signed-out')
})

test('a refresh token that stays the same is used by all tabs, where nothing can be stored as well', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed', rotation: 'off' })
  const profile = await fixture.newProfile()
  const full = await fixture.open('/', profile)
  await signIn(full, fixture)
  const other = await fixture.open('/other', profile)
  await full.evaluate(FAILURES['is full'])
  for (const tab of [full, other]) expect(await renew(tab)).toEqual({ value: expect.any(String) })
  expect(refreshes()).toBe(2)
})

test('a session that lost its storage is at rest again after the next renewal', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await tab.waitForFunction(() => (auth.state as { warning?: unknown }).warning)
  expect((await stateOf(tab)).warning).toMatchObject({
    ...UNAVAILABLE,
    message: 'The browser deleted what was stored.',
  })
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
  await tab.reload()
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('a session that lost its storage ends when somebody signs out, as often as that was before', async () => {
  fixture.tenant.set({ consent: 'never' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await tab.evaluate(() => auth.signOut({ local: true }))
  await signInAgain(tab)
  const other = await fixture.open('/other', profile)
  await tab.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await tab.waitForFunction(() => (auth.state as { warning?: unknown }).warning)
  await other.evaluate(() => auth.signOut({ local: true }))
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
})

test('a sign-in that could not be stored goes on where somebody has signed out before', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await tab.evaluate(() => auth.signOut({ local: true }))
  await profile.context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (value, key) {
      const request = put.call(this, value, key)
      // What a full disk does to it.
      if (key === 'session') this.transaction.abort()
      return request
    }
  })
  await signInAgain(tab)
  const inMemory = { status: 'signed-in', error: null, warning: KEEPS_NOTHING }
  expect(await stateOf(tab)).toMatchObject(inMemory)
  await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
  expect(await stateOf(tab)).toMatchObject(inMemory)
  // And it ends when somebody does so now.
  const other = await fixture.open('/other', profile)
  await other.evaluate(() => auth.signOut({ local: true }))
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
})

test('a session ends when its cookie is deleted, as it does with the browser session', async () => {
  fixture.tenant.set({ consent: 'never' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.context().clearCookies({ name: /^tessera-auth$/ })
  await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
  await leave(tab)
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
})

const UNSHARED = [
  [
    'keeps no cookie',
    () => {
      Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} })
    },
  ],
  [
    'has no locks',
    () => {
      Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
    },
  ],
] as const

test.for(UNSHARED)(
  'where the browser %s each tab has a session of its own',
  async ([, prepare]) => {
    fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
    const profile = await fixture.newProfile()
    await profile.context.addInitScript(prepare)
    const one = await fixture.open('/', profile)
    await signIn(one, fixture)
    const other = await fixture.open('/other', profile)
    expect(await stateOf(other)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
    await leave(other)
    await whenStarted(other)
    for (const tab of [one, other]) {
      expect(await stateOf(tab)).toMatchObject({
        status: 'signed-in',
        warning: { ...UNAVAILABLE, message: 'This browser lets no tabs share a session.' },
      })
      const given = await tab.evaluate(() =>
        Promise.all([1, 2, 3].map(() => auth.getAccessToken({ forceRenewal: true }))),
      )
      expect(new Set(given).size).toBe(1)
    }
    await one.evaluate(() => auth.signOut({ local: true }))
    expect((await stateOf(other)).status).toBe('signed-in')
  },
)

test('a redirect does not begin where the browser keeps the database, but neither cookie nor tab item (R89)', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} })
    Storage.prototype.setItem = () => {
      throw new DOMException('There is no room.', 'QuotaExceededError')
    }
  })
  const tab = await fixture.open('/', profile)
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({ error: KEEPS_NOTHING })
  expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
})

test('what a later version of the package stored counts as absent, and is left alone', async () => {
  fixture.tenant.set({ consent: 'never' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    await new Promise((resolve) => {
      const opening = indexedDB.open(name, 2)
      opening.onupgradeneeded = () => {
        for (const store of opening.result.objectStoreNames) opening.result.deleteObjectStore(store)
        opening.result.createObjectStore('of a later version')
      }
      opening.onsuccess = () => resolve(opening.result.close())
    })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: KEEPS_NOTHING })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', warning: KEEPS_NOTHING })
  expect(await tab.evaluate(async () => (await indexedDB.databases())[0]?.version)).toBe(2)
})

test('a database that was opened first by somebody else, and has no store, is made anew (R88)', async () => {
  fixture.tenant.set({ consent: 'never' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    indexedDB.deleteDatabase(name)
    await new Promise((resolve) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => resolve(opening.result.close())
    })
  })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', error: null, warning: null })
  await signInAgain(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
})

test('a database that fails to open once, in passing, is opened again', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    const { open } = IDBFactory.prototype
    let isFirst = true
    IDBFactory.prototype.open = function (...given) {
      if (isFirst) {
        isFirst = false
        throw new DOMException('Internal error opening backing store.', 'UnknownError')
      }
      return open.apply(this, given)
    }
  })
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
  const other = await fixture.open('/other', profile)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-in', warning: null })
})

test('a browser that gives back no key is not asked for ever, and a sign-in does not begin', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    const { result } = Object.getOwnPropertyDescriptors(IDBRequest.prototype)
    // As WebKit gives back a CryptoKey that it cannot open any more.
    Object.defineProperty(IDBRequest.prototype, 'result', {
      get() {
        const value = result.get?.call(this)
        const isKey = (each: { key?: unknown } | undefined) => each?.key instanceof CryptoKey
        return Array.isArray(value) ? value.map((each) => (isKey(each) ? null : each)) : value
      },
    })
  })
  const tab = await fixture.open('/', profile)
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({
    error: { code: 'storage_unavailable', message: 'The browser keeps no key for this page.' },
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'sign-in-failed' })
})

test('a reload does not bring the user back whom another one followed who could not be stored (R91)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const { sub } = (await stateOf(tab)).user as { sub: string }
  await profile.context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (value, key) {
      if (key !== 'session') return put.call(this, value, key)
      queueMicrotask(() => this.transaction.abort())
      return {} as IDBRequest<IDBValidKey>
    }
  })
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(tab, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  const other = await stateOf(tab)
  expect(other).toMatchObject({ status: 'signed-in', warning: KEEPS_NOTHING })
  expect((other.user as { sub: string }).sub).not.toBe(sub)
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
})
