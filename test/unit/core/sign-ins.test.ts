import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { SESSION, TRANSACTION } from '../../../src/session/records.ts'
import {
  createGate,
  MINUTE,
  moveClock,
  nextMillisecond,
  openDelayed,
  openInMemory,
  openTab,
  refusal,
  sign,
  signInOnFullDisk,
  useTabs,
} from './open-tab.ts'

useTabs()

test('a step-up goes on where the provider has ended the session meanwhile', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const stepUp = await tab.begin(true)
  await tab.session.end(new AuthError('session_expired', 'It is over.'))
  expect(await tab.complete(stepUp, 'alice')).toMatchObject({ error: null })
  expect(tab.session.current()?.claims?.sub).toBe('alice')
})

test('a step-up in memory goes on where an older session lies in the database', async () => {
  const tab = await openInMemory()
  const stepUp = await tab.begin(true)
  let looks = 0
  const watch = () =>
    tab.doFirst(async () => {
      watch()
      // So that it ends, whatever becomes of it.
      if (++looks > 50) throw new Error('It goes round for ever.')
    })
  watch()
  expect(await tab.complete(stepUp, 'alice', {})).toMatchObject({ error: null })
  expect(tab.session.current()?.refreshToken).toBe('refresh alice')
  expect(looks).toBeLessThan(20)
})

test('a step-up beside a renewal that this tab cannot read goes on without a refresh token', async () => {
  const all = new Map<string, unknown>()
  const other = openTab(all)
  await other.complete(await other.begin(false), 'alice')
  let isLost = false
  const { store } = other.session
  const get: typeof store.get = async (name, change) => {
    if (isLost && name === SESSION) throw new AuthError('storage_unavailable', 'The key is lost.')
    return store.get(name, change)
  }
  const tab = openTab(all, true, { store: { ...store, get } })
  await tab.session.revalidate()
  const stepUp = await tab.begin(true)
  other.answerBy(async () => ({ refresh_token: 'next' }))
  await other.session.token('', undefined, true)
  isLost = true
  expect(await tab.complete(stepUp, 'alice', {})).toMatchObject({ error: null })
  expect(tab.session.current()).toMatchObject({ refreshToken: undefined })
})

test('a pushed request that the provider refuses leaves nothing behind (R21)', async () => {
  const all = new Map<string, unknown>()
  const refused = refusal('temporarily_unavailable')
  const failing = openTab(all, true, { push: () => Promise.reject(refused) })
  const other = openTab(all)
  const underWay = await other.begin(false)
  const names = [...all.keys()]
  for (let count = 0; count < 30; count++) await expect(failing.begin(false)).rejects.toBe(refused)
  expect([...all.keys()]).toEqual(names)
  expect(await other.complete(underWay, 'alice')).toMatchObject({ error: null })
})

test('of sign-ins that came to nothing the latest thirty are kept, and no more (R11)', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  const first = await tab.begin(false)
  await nextMillisecond()
  for (let count = 0; count < 29; count++) await tab.begin(false)
  const last = await tab.begin(false)
  expect([...all.keys()].filter((name) => name.startsWith(TRANSACTION))).toHaveLength(30)
  await expect(tab.complete(first, 'alice')).rejects.toMatchObject({
    code: 'callback_state',
    message: 'The callback belongs to no sign-in of this browser.',
  })
  expect(await tab.complete(last, 'alice')).toMatchObject({ error: null })
})

test.for([61, -61])('a sign-in that began %i minutes ago is over', async (minutes) => {
  const tab = openTab()
  const pending = await tab.begin(false)
  moveClock(minutes * MINUTE)
  await expect(tab.complete(pending, 'alice')).rejects.toMatchObject({
    code: 'callback_state',
    message: 'The callback belongs to no sign-in of this browser.',
    hint: 'It is too old, forged, or was opened in another browser. Sign in again.',
  })
  expect(tab.session.current()).toBeUndefined()
})

test('a sign-in waits for nothing that delayed the session before it', async () => {
  const tab = await openDelayed(5 * MINUTE)
  await expect(tab.renew()).rejects.toMatchObject({ message: 'Not now.' })
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await tab.renew()).toMatchObject({ accessToken: 'renewed' })
})

test('what was read before a sign-in of this page, and comes late, does not undo it (R32)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const pending = await tab.begin(false)
  let release = () => {}
  const { decrypt } = crypto.subtle
  const slow = vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...given) => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    return decrypt.apply(crypto.subtle, given)
  })
  const reading = tab.session.revalidate()
  await vi.waitFor(() => expect(slow).toHaveBeenCalled())
  await tab.complete(pending, 'bob')
  release()
  expect(await reading).toBe(true)
  expect(tab.session.current()?.claims?.sub).toBe('bob')
})

test('step-ups add to the challenges that are answered, and another sign-in begins anew', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  for (const [challenge, answered] of [
    ['a', ['a']],
    ['b', ['a', 'b']],
    [undefined, []],
  ] as const) {
    await tab.complete(await tab.begin(!!challenge, challenge), 'alice')
    expect(tab.session.current()?.answered).toEqual(answered)
  }
})

test('a sign-in does not begin that is signed out of while it is being pushed (R125)', async () => {
  const all = new Map<string, unknown>()
  const other = openTab(all)
  const tab = openTab(all, true, {
    async push(_metadata, parameters) {
      await endSession(other.session, undefined, 'signed-out')
      return parameters
    },
  })
  await expect(tab.begin(false)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
})

test('a sign-in is completed where the database fails to take it in passing', async () => {
  const tab = openTab()
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => ({ id_token: await sign('alice', nonce) }))
  const found = await findSignIn(tab.session, new URLSearchParams({ state, code: 'code' }))
  tab.failOnce()
  expect(await completeSignIn(tab.session, found)).toMatchObject({ error: null })
  expect(tab.session.current()?.claims?.sub).toBe('alice')
})

test('a step-up that brings no refresh token leaves none that gives less (R43, R74)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice', { refresh_token: 'narrow', scope: 'openid' })
  tab.session.show()
  const begun = await tab.begin(true, undefined, { scope: ['openid', 'orders.write'] })
  await tab.complete(begun, 'alice', { scope: 'openid orders.write' })
  expect(tab.session.current()).toMatchObject({
    refreshToken: undefined,
    tokens: { '': { scope: ['openid', 'orders.write'] } },
  })
})

test('a sign-in anew that brings no refresh token leaves none of the session before', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  await tab.complete(await tab.begin(false), 'alice', {})
  expect(tab.session.current()).toMatchObject({
    claims: { sub: 'alice' },
    refreshToken: undefined,
  })
})

test('a step-up without an ID token goes on with its session, and leaves no refresh token that may be of another user (R148)', async () => {
  const tab = openTab()
  const target = { scope: ['orders.read'] }
  await tab.complete(await tab.begin(false, undefined, target), undefined, { refresh_token: 'one' })
  const stepUp = await tab.begin(true, undefined, target)
  expect(await tab.complete(stepUp, undefined, {})).toMatchObject({ error: null })
  expect(tab.session.current()?.refreshToken).toBeUndefined()
})

test('a step-up that says nothing of its user is none of the user who was to come back (R148)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const stepUp = await tab.begin(true, undefined, { scope: ['orders.read'] })
  expect(await tab.complete(stepUp)).toMatchObject({
    error: {
      code: 'user_mismatch',
      message: 'Another user signed in than the one who was asked to.',
    },
  })
  expect(tab.session.current()).toMatchObject({ refreshToken: 'refresh alice' })
})

test('a step-up goes on with a session that could not be stored, although an older one left its name', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  expect(await signInOnFullDisk(tab, 'bob')).toMatchObject({ error: null })
  expect(all.has(SESSION)).toBe(false)
  tab.mendDisk()
  expect(await tab.complete(await tab.begin(true), 'bob')).toMatchObject({ error: null })
})

test('a step-up without an ID token that can neither be stored nor replace anything notes no sign-out', async () => {
  const notes: string[] = []
  const tab = openTab(undefined, true, {
    notePendingSignOut: (sessionId) => notes.push(sessionId),
  })
  const target = { scope: ['orders.read'] }
  await tab.complete(await tab.begin(false, undefined, target))
  const { state } = await tab.begin(true, undefined, target)
  tab.answerBy(async () => {
    tab.fillDisk(true)
    return {}
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(completed?.error).toBeNull()
  expect(notes.filter(Boolean)).toEqual([])
})

test('a callback with an error uses its sign-in up, and no code completes that later (R20)', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  const refused = new URLSearchParams({ state: begun.state, error: 'access_denied' })
  expect(await completeSignIn(tab.session, await findSignIn(tab.session, refused))).toMatchObject({
    error: { code: 'authorization_error', providerError: 'access_denied' },
  })
  expect(await tab.complete(begun, 'alice')).toBeUndefined()
  expect(tab.session.current()).toBeUndefined()
})

test('why the provider refused a sign-in is said where the database fails as well (R175)', async () => {
  const tab = openTab()
  const { state } = await tab.begin(false)
  const callback = new URLSearchParams({ state, error: 'access_denied' })
  const found = await findSignIn(tab.session, callback)
  tab.failTwice()
  expect(await completeSignIn(tab.session, found)).toMatchObject({
    error: { code: 'authorization_error', providerError: 'access_denied' },
  })
})

test('a step-up without the lock does not bring back a refresh token that another tab has used up (R69)', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  const { nonce, state } = await other.begin(true)
  const [asked, answered] = [createGate(), createGate()]
  other.answerBy(async () => {
    asked.open()
    await answered.opened
    return { id_token: await sign('alice', nonce), access_token: 'of-step-up' }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completing = completeSignIn(other.session, await findSignIn(other.session, callback))
  await asked.opened
  one.answerBy(async () => ({ refresh_token: 'next' }))
  await one.session.token('', one.session.current()?.tokens['']?.accessToken)
  answered.open()
  expect(await completing).toMatchObject({ error: null })
  for (const tab of [one, other]) {
    await tab.session.revalidate()
    expect(tab.session.current()).toMatchObject({
      refreshToken: 'next',
      tokens: { '': { accessToken: 'of-step-up' } },
    })
  }
  expect(other.revoked).toEqual([])
})

test('a user who signs in anew without an ID token sees no sign-out between the two', async () => {
  const tab = openTab()
  const target = { scope: ['orders.read'] }
  await tab.complete(await tab.begin(false, undefined, target))
  tab.session.show()
  const seen: string[] = []
  tab.session.subscribe(({ status }) => seen.push(status))
  await tab.complete(await tab.begin(false, undefined, target))
  tab.session.show()
  expect(new Set(seen)).toEqual(new Set(['signed-in']))
})

test('a callback that was used is known as such also after a sign-out', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  await tab.complete(begun, 'alice')
  await endSession(tab.session, undefined, 'signed-out')
  expect(await tab.complete(begun, 'alice')).toBeUndefined()
})

test('a sign-in that fails drops what is kept of the provider, and repeats no ID token', async () => {
  let forgotten = 0
  const tab = openTab(undefined, true, {
    forgetProvider() {
      forgotten++
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  expect(forgotten).toBe(0)
  const { state } = await tab.begin(true)
  const refused = new URLSearchParams({
    state,
    error: 'server_error',
    error_description: `The hint ${tab.session.current()?.idToken} is too old.`,
  })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, refused))
  expect(completed?.error).toMatchObject({
    code: 'authorization_error',
    providerErrorDescription: 'The hint ... is too old.',
  })
  expect(forgotten).toBe(1)
})
