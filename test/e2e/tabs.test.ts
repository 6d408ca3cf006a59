import { beforeEach, expect, test } from 'vitest'
import type { Profile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { page } from '../browsers/serve-pages.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { submitSignIn } from '../browsers/submit-sign-in.ts'
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

declare global {
  interface Document {
    /** The cookies that a page sees which has not heard of the latest. */
    cookieBefore: string
  }
  var renewing: Promise<string>
  /** Resolves when the page has begun to read what is stored. */
  var reading: Promise<void>
}

const fixture = useFixture()

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
})

const renewals = () =>
  requestsTo(fixture.tenant, 'Token').filter(({ body }) => body.includes('refresh_token')).length

test('a change of user reaches the other tabs, and mixes nothing', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture, { scope: ['payments.write'] })
  const other = await fixture.open('/other', profile)
  const before = await other.evaluate(() => auth.getAccessToken())
  await other.evaluate(() => {
    // Each time somebody is shown: who it is, what was granted, and whose token is to be had.
    auth.subscribe((state) => {
      if (state.status !== 'signed-in') return
      const seen = { name: state.user?.unique_name, scope: state.scope }
      auth.getAccessToken().then((token) => shown.push({ ...seen, token }))
    })
    const shown: object[] = []
    Object.assign(globalThis, { shown })
  })
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(tab, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  await other.waitForFunction(() => (globalThis as never as { shown: [] }).shown.length > 1)
  const shown = await other.evaluate(
    () => (globalThis as never as { shown: { token: string }[] }).shown,
  )
  const after = await tab.evaluate(() => auth.getAccessToken())
  expect(shown).toMatchObject([
    { name: 'monika.a', token: before },
    { name: 'peter.b', scope: ['profile', 'accounts.read', 'openid'], token: after },
  ])
})

/**
 * Has a page of its own hold the lock of the session, until its `release()` is called. Gives that
 * page, and how many wait for the lock.
 */
async function holdLock(
  profile: Pick<Profile, 'newPage'>,
): Promise<[Page, () => Promise<number | undefined>]> {
  fixture.pages.setPage('/blank', page(''))
  const holder = await profile.newPage()
  await holder.goto(`${fixture.origin}/blank`)
  await holder.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    const held = new Promise((resolve) => Object.assign(globalThis, { release: resolve }))
    await new Promise<void>((resolve) => {
      void navigator.locks.request(name, () => {
        resolve()
        return held
      })
    })
  })
  const waiting = () => holder.evaluate(async () => (await navigator.locks.query()).pending?.length)
  return [holder, waiting]
}

test('a sign-in is completed also where another tab holds the session for ever (R78)', async () => {
  fixture.pages.setPage('/', appPage({ ...fixture.options, timeout: 1_000 }))
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await leave(tab, { returnTo: '/place' })
  await tab.waitForURL(({ pathname }) => pathname === '/login')
  const [holder, waitingForLock] = await holdLock(profile)
  await submitSignIn(tab, fixture.origin)
  await expect.poll(waitingForLock).toBe(1)
  await whenStarted(tab)
  expect(await tab.evaluate(() => started)).toMatchObject({
    returnTo: `${fixture.origin}/place`,
    error: null,
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(1)
  await holder.evaluate('release()')
})

test('what one user asked for is not done as another who signs in meanwhile (R91)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  // The sign-in of somebody else comes first, and the renewal after it.
  const [holder, waitingForLock] = await holdLock(profile)
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await leave(tab)
  await signInAtTenant(tab, fixture.origin, { username: 'peter.b' })
  peter.canRun = false
  await expect.poll(waitingForLock).toBe(1)
  await other.evaluate(() => {
    const asked = outcomeOf(auth.getAccessToken({ forceRenewal: true }))
    Object.assign(globalThis, { asked })
  })
  await expect.poll(waitingForLock).toBe(2)
  await holder.evaluate('release()')
  expect(await other.evaluate('asked')).toMatchObject({
    error: {
      code: 'signed_out',
      message: 'The user who asked for this is not signed in any more.',
    },
  })
  await other.waitForFunction(
    () => (auth.state as { user?: { unique_name: string } }).user?.unique_name === 'peter.b',
  )
  expect(renewals()).toBe(0)
})

test('a step-up replaces nobody who signed in elsewhere while it was under way (R148)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  fixture.tenant.endSessions()
  await leave(tab, { sameUser: true, scope: ['payments.write'] })
  await tab.waitForURL(({ pathname }) => pathname === '/login')
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(other, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  await submitSignIn(tab, fixture.origin)
  await whenStarted(tab)
  expect(await tab.evaluate(() => String(started?.error?.code))).toBe('signed_out')
  for (const page of [tab, other]) {
    expect(await stateOf(page)).toMatchObject({ user: { unique_name: 'peter.b' } })
  }
})

test('a rotated refresh token is stored before the access token is given out (R69)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const order = await tab.evaluate(async () => {
    const happened: string[] = []
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (value, key) {
      if (key === 'session') {
        this.transaction.addEventListener('complete', () => happened.push('stored'))
      }
      return put.call(this, value, key)
    }
    await auth.getAccessToken({ forceRenewal: true }).then(() => happened.push('given'))
    return happened
  })
  expect(order).toEqual(['stored', 'given'])
  // Whoever dies right after has lost nothing.
  await tab.close()
})

test('an idle page holds no lock and no database (R141)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => auth.getAccessToken({ forceRenewal: true }))
  const { held, pending } = await tab.evaluate(() => navigator.locks.query())
  expect([held, pending]).toEqual([[], []])
  const outcomes = await tab.evaluate(async () => {
    const found = []
    for (const { name = '' } of await indexedDB.databases()) {
      found.push(
        await new Promise((resolve) => {
          const deleting = indexedDB.deleteDatabase(name)
          deleting.onblocked = () => resolve('blocked')
          deleting.onsuccess = () => resolve('deleted')
        }),
      )
    }
    return found
  })
  expect(outcomes).toEqual(['deleted'])
})

test('a tab that another one opened has a copy of its session storage, and no secret in it (R92)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  await tab.evaluate(() => {
    document.body.innerHTML = '<a id="child" href="/child" target="_blank" rel="opener">Open</a>'
  })
  const opening = tab.context().waitForEvent('page')
  await tab.click('#child')
  const child = await opening
  await whenStarted(child)
  expect(await child.evaluate(() => auth.getAccessToken())).toBe(token)
  expect(await child.evaluate(() => Object.keys(sessionStorage).sort())).toEqual([
    'tessera-auth present',
    'tessera-auth sign-in',
  ])
  // Both have asked before one of them has its answer.
  const [holder, waitingForLock] = await holdLock(tab.context())
  for (const [index, each] of [tab, child].entries()) {
    await each.evaluate(() => {
      globalThis.renewing = auth.getAccessToken({ forceRenewal: true })
    })
    await expect.poll(waitingForLock).toBe(index + 1)
  }
  await holder.evaluate('release()')
  const given = await Promise.all([tab, child].map((each) => each.evaluate(() => renewing)))
  expect(new Set(given).size).toBe(1)
  expect(renewals()).toBe(1)
})

test('offline nothing is asked, a token that holds stays in use, and then one tab asks once (R143)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const tabs = [tab, await fixture.open('/other', profile)]
  const token = await tab.evaluate(() => auth.getAccessToken())
  for (const each of tabs) {
    await each.evaluate(() => {
      Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
    })
    expect(
      await each.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true }))),
    ).toMatchObject({
      error: { code: 'network', message: 'The device is offline.', retryable: true },
    })
    expect(await stateOf(each)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
    expect(await each.evaluate(() => auth.getAccessToken())).toBe(token)
  }
  expect(renewals()).toBe(0)
  for (const each of tabs) {
    await each.evaluate(() => {
      Object.defineProperty(navigator, 'onLine', { value: true })
      dispatchEvent(new Event('online'))
    })
  }
  for (const each of tabs) {
    await each.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'idle')
    expect(await each.evaluate(() => auth.getAccessToken())).not.toBe(token)
  }
  expect(renewals()).toBe(1)
})

test('an answer to a rotation that is lost ends the session in words, and the next sign-in works (R79)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  await tab.evaluate(() => {
    const { fetch } = globalThis
    globalThis.fetch = async (...request) => {
      // The provider has rotated, and nobody hears of it.
      await fetch(...request)
      globalThis.fetch = fetch
      throw new TypeError('Failed to fetch')
    }
  })
  const renew = () => tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
  expect(await renew()).toMatchObject({ error: { code: 'network' } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(token)
  await expect
    .poll(renew, { timeout: 10_000 })
    .toMatchObject({ error: { code: 'session_expired', providerError: 'invalid_grant' } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('a tab that heard nothing while it was frozen gives out no token before it has looked (R124)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  // No engine freezes a tab when asked to by a driver: the other one keeps silent instead.
  await other.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {}
    return auth.signOut({ local: true })
  })
  expect((await stateOf(tab)).status).toBe('signed-in')
  const outcome = await tab.evaluate(() => {
    document.dispatchEvent(new Event('resume'))
    return outcomeOf(auth.getAccessToken())
  })
  expect(outcome).toMatchObject({ error: { code: 'not_authenticated' } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('what another tab changes while this one reads what is stored is read as well (R140)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  await tab.evaluate(() => {
    const { decrypt } = crypto.subtle
    const told = new Promise((resolve) => {
      new BroadcastChannel('told').onmessage = resolve
    })
    globalThis.reading = new Promise((resolve) => {
      crypto.subtle.decrypt = async (...given) => {
        const read = decrypt.apply(crypto.subtle, given)
        resolve()
        // Late enough for everything that the other tab says.
        await told
        return read
      }
    })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await tab.evaluate(() => reading)
  await other.evaluate(async () => {
    await auth.signOut({ local: true })
    new BroadcastChannel('told').postMessage('')
  })
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
})

test('a tab keeps no cookie before somebody signs in', async () => {
  const tab = await fixture.open('/')
  expect(await tab.evaluate(() => document.cookie)).toBe('')
  await signIn(tab, fixture)
  expect(await tab.evaluate(() => document.cookie)).toMatch(/^tessera-auth=[\w-]{36}$/)
})

test('a tab that sees an older cookie than the others does not put it in the place of theirs', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const late = await fixture.open('/late', profile)
  // As in Firefox, where processes hear of one another's cookies with a delay.
  await late.evaluate(() => {
    const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
    Object.defineProperty(document, 'cookie', {
      get: () => document.cookieBefore,
      set: (value) => own?.set?.call(document, value),
    })
    document.cookieBefore = 'tessera-auth=00000000-0000-4000-8000-000000000000'
    return auth.getAccessToken({ forceRenewal: true }).catch(() => {})
  })
  await tab.reload()
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('tabs that are left while they read what is stored hold up no other', {
  timeout: 180_000,
}, async () => {
  const profile = await fixture.newProfile()
  const first = await fixture.open('/', profile)
  await signIn(first, fixture)
  const others = await Promise.all([1, 2, 3].map(() => fixture.open('/', profile)))
  const tabs = [first, ...others]
  for (let turn = 0; turn < 12; turn++) {
    await Promise.all(
      tabs.map(async (tab, at) => {
        await tab.evaluate(
          ([turn, wait]) => {
            globalThis.started = undefined
            for (let each = 0; each < 4; each++) void createClient().start()
            setTimeout(() => location.assign(`/?turn=${turn}`), wait)
          },
          [turn, (turn * 7 + at * 11) % 40],
        )
        await whenStarted(tab)
        const kept = { status: 'signed-in', warning: null }
        expect(await stateOf(tab), `tab ${at}, turn ${turn}`).toMatchObject(kept)
      }),
    )
  }
})

test('a sign-in, another user, a renewal and a sign-out each reach another tab within a second', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  const noteTime = 'globalThis.startedAt = Date.now()'
  fixture.pages.setPage('/', appPage(fixture.options, noteTime))
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  const other = await fixture.open('/other', profile)
  await other.evaluate(() => {
    const heard: Record<string, number> = {}
    Object.assign(globalThis, { heard })
    auth.subscribe(({ status }) => {
      if (status === 'signed-out') heard[status] = Date.now()
    })
    // A renewal that changes nothing else is no new state.
    setInterval(async () => {
      const token = await auth.getAccessToken().catch(() => '')
      heard[token] ??= Date.now()
    }, 20)
  })
  const heardAt = (what: string) =>
    other.evaluate(
      (what) => (globalThis as never as { heard: Record<string, number> }).heard[what] ?? 0,
      what,
    )
  const lagOf = async (what: string, since: number, from = 1) => {
    await expect.poll(() => heardAt(what)).toBeGreaterThanOrEqual(from)
    return (await heardAt(what)) - since
  }
  /** Signs in as this user, and gives how long it took until the other tab had the token. */
  const lagOfSignIn = async (username: string) => {
    fixture.tenant.endSessions()
    await signIn(tab, fixture, {}, { username })
    const startedAt = Number(await tab.evaluate('startedAt'))
    return lagOf(await tab.evaluate(() => auth.getAccessToken()), startedAt)
  }
  const lags: Record<string, number[]> = {}
  const note = async (what: string, lag: Promise<number>) => {
    lags[what] = [...(lags[what] ?? []), await lag]
  }
  // The quickest of three counts: a busy machine has a bad moment, a slow product has nothing else.
  for (let times = 0; times < 3; times++) {
    await note('sign-in', lagOfSignIn('monika.a'))
    peter.canRun = true
    await note('change of user', lagOfSignIn('peter.b'))
    peter.canRun = false
    const [renewed, renewedAt] = await tab.evaluate(async () => {
      const token = await auth.getAccessToken({ forceRenewal: true })
      return [token, Date.now()] as const
    })
    await note('renewal', lagOf(renewed, renewedAt))
    const endedAt = await tab.evaluate(async () => {
      const now = Date.now()
      await auth.signOut({ local: true })
      return now
    })
    await note('sign-out', lagOf('signed-out', endedAt, endedAt))
  }
  for (const [what, each] of Object.entries(lags)) {
    expect(Math.min(...each), `${what}: ${each.join(', ')} ms`).toBeLessThan(1_000)
  }
})
