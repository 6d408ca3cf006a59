import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { noteOf, REPLACED } from '../../../src/session/is-to-end.ts'
import {
  ARRIVAL,
  EPOCH,
  SESSION,
  SESSION_ID,
  TRANSACTION,
  USED,
} from '../../../src/session/records.ts'
import {
  ASKS_THE_USER,
  ISSUER,
  keys,
  METADATA,
  MINUTE,
  moveClock,
  nextMillisecond,
  OTHER,
  openTab,
  refusal,
  sign,
  useTabs,
} from './open-tab.ts'

useTabs()

/** A tab whose session is in memory, with an older one in the database. */
async function openInMemory() {
  const all = new Map<string, unknown>()
  const before = openTab(all)
  await before.complete(await before.begin(false), 'alice')
  const tab = openTab(all, false)
  await tab.complete(await tab.begin(false), 'alice')
  return tab
}

/** A tab that knows of a session, and not of its renewal by another one to the refresh token `next`. */
async function openUnaware(all: Map<string, unknown>) {
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  one.answerBy(async () => ({ refresh_token: 'next' }))
  await one.session.token('', one.session.current()?.tokens['']?.accessToken)
  return other
}

test('a sign-in that goes on with a session does not replace the one of another user', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  const silent = await one.begin(true)
  await other.complete(await other.begin(false), 'bob')
  const kept = all.get(SESSION_ID)
  const completed = await one.complete(silent, 'alice')
  expect(all.get(SESSION_ID)).toBe(kept)
  expect(completed?.error).toMatchObject({ code: 'signed_out' })
  await one.session.revalidate()
  expect(one.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
})

test('it does go on with the session of the same user who has signed in anew', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  const stepUp = await one.begin(true)
  await other.complete(await other.begin(false), 'alice')
  expect(await one.complete(stepUp, 'alice')).toMatchObject({ error: null })
})

test('nor does it where each tab has a session of its own', async () => {
  const tab = openTab(undefined, false)
  await tab.complete(await tab.begin(false), 'alice')
  const silent = await tab.begin(true)
  await tab.complete(await tab.begin(false), 'bob')
  const completed = await tab.complete(silent, 'alice')
  expect(completed?.error).toMatchObject({ code: 'signed_out' })
  expect(tab.session.current()?.claims?.sub).toBe('bob')
})

test.each([true, false])('a renewal does not replace another user (stored: %s)', async (stored) => {
  const tab = openTab(undefined, stored)
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  const pending = await tab.begin(false)
  let respond: () => void = () => {}
  const asked = new Promise<void>((heard) => {
    tab.answerBy(() => {
      heard()
      return new Promise((resolve) => {
        respond = () => resolve({ refresh_token: 'late' })
      })
    })
  })
  const renewal = tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  renewal.catch(() => {})
  await asked
  await tab.complete(pending, 'bob')
  respond()
  await expect(renewal).rejects.toMatchObject({ code: 'signed_out' })
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
  expect(tab.session.current()?.refreshToken).toBe('refresh bob')
  expect(tab.revoked).toEqual(['late'])
})

test('a page that comes back while a silent renewal fails shows its session again', async () => {
  const tab = openTab(undefined, true, {
    async signInSilently() {
      throw new AuthError('network', 'There is no connection.', { retryable: true })
    },
  })
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => ({ id_token: await sign('alice', nonce) }))
  const callback = new URLSearchParams({ state, code: 'code' })
  await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  tab.session.show()
  let restored: Promise<boolean> | undefined
  /** The renewal looks at the records three times before it goes on with what it has read. */
  const comeBack = (looks: number): void =>
    tab.doFirst(async () => {
      if (looks > 1) return comeBack(looks - 1)
      tab.session.dispatch({ type: 'suspended' })
      restored = tab.session.revalidate()
    })
  comeBack(3)
  const token = tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  await expect(token).rejects.toMatchObject({ code: 'network' })
  expect(await restored).toBe(true)
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
})

test('of two pages that share no lock, one sends the refresh token (R68)', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  const stale = one.session.current()?.tokens['']?.accessToken
  let respond: () => void = () => {}
  const asked = new Promise<void>((heard) => {
    one.answerBy(() => {
      heard()
      return new Promise((resolve) => {
        respond = () => resolve({ refresh_token: 'next' })
      })
    })
  })
  other.answerBy(() => Promise.reject(new AuthError('network', 'It was sent twice.')))
  const first = one.session.token('', stale)
  await asked
  const second = other.session.token('', stale)
  // Not before the other page has looked.
  other.doFirst(async () => other.doFirst(async () => respond()))
  expect((await second)?.accessToken).toBe((await first)?.accessToken)
  expect(other.session.current()?.refreshToken).toBe('next')
})

test('a page that has read the session before another one renewed it reads it again (R68)', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  const stale = one.session.current()?.tokens['']?.accessToken
  one.answerBy(async () => ({ refresh_token: 'next' }))
  other.answerBy(() => Promise.reject(new AuthError('network', 'It was sent twice.')))
  // Between the look at the session and the one at the pace.
  other.doFirst(async () => other.doFirst(() => one.session.token('', stale)))
  const token = await other.session.token('', stale)
  expect(token.accessToken).toBe(one.session.current()?.tokens['']?.accessToken)
  expect(other.session.current()?.refreshToken).toBe('next')
})

test('a page that was closed while it renewed holds up no other one for long (R78)', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  all.set('renewable', Date.now() - 2_900)
  tab.answerBy(async () => ({ refresh_token: 'next' }))
  await tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  expect(tab.session.current()?.refreshToken).toBe('next')
  expect(all.get('renewable')).toBe(1)
})

test('a session in memory is renewed where an older one lies in the database', async () => {
  const tab = await openInMemory()
  tab.answerBy(async () => ({ refresh_token: 'next' }))
  await tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  expect(tab.session.current()?.refreshToken).toBe('next')
  expect(tab.revoked).toEqual([])
})

test('a step-up goes on where the provider has ended the session meanwhile', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const stepUp = await tab.begin(true)
  await tab.session.end(new AuthError('session_expired', 'It is over.'))
  expect(await tab.complete(stepUp, 'alice')).toMatchObject({ error: null })
  expect(tab.session.current()?.claims?.sub).toBe('alice')
})

test('a session that a page ends for itself is not that of who has signed in since', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.complete(await other.begin(false), 'bob')
  const gone = new AuthError('session_expired', 'The key of this session is gone.')
  await expect(one.session.end(gone)).rejects.toMatchObject({ code: 'signed_out' })
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
  await other.session.end(gone)
  expect(all.has(SESSION)).toBe(false)
})

test.for([
  ['another tab', false],
  ['another tab, which it has heard of meanwhile', true],
] as const)(
  'a page that finds its key gone, because the user has signed out in %s, says that',
  async ([, hasHeard]) => {
    const all = new Map<string, unknown>()
    const [one, other] = [openTab(all), openTab(all)]
    await one.complete(await one.begin(false), 'alice')
    one.session.show()
    await other.session.revalidate()
    await endSession(other.session, undefined, 'signed-out')
    if (hasHeard) await one.session.revalidate()
    const gone = new AuthError('session_expired', 'The key of this session is gone.')
    await expect(one.session.end(gone)).rejects.toMatchObject({
      code: 'signed_out',
      message: 'The user signed out in the meantime.',
    })
    expect(one.session.state()).toMatchObject({
      status: 'signed-out',
      reason: 'signed-out',
      error: null,
    })
  },
)

test('two calls that find the key of a session gone at once end it for the same reason', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const gone = new AuthError('session_expired', 'The key of this session is gone.')
  await Promise.all([tab.session.end(gone), tab.session.end(gone)])
  expect(tab.session.state()).toMatchObject({ reason: 'session-ended', error: gone })
})

/** Signs out while the provider answers a sign-in, which the database then fails: it comes to nothing. */
async function completeOvertaken(
  tab: ReturnType<typeof openTab>,
  sameUser: boolean,
  signOut: () => Promise<unknown>,
) {
  const { session } = tab
  const { nonce, state } = await tab.begin(sameUser)
  const found = await findSignIn(session, new URLSearchParams({ state, code: 'code' }))
  tab.answerBy(async () => {
    // After what is read beside the token request.
    await nextMillisecond()
    await signOut()
    tab.failTwice()
    return { refresh_token: 'late', id_token: await sign('alice', nonce) }
  })
  const completed = await completeSignIn(session, found)
  expect(completed?.error).toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(session.current()).toBeUndefined()
}

test.for([
  ['stored', true, false],
  ['in memory', false, false],
  ['a step-up, stored', true, true],
  ['a step-up in memory', false, true],
] as const)(
  'a sign-in under way that the database fails does not undo a sign-out that is done: %s (R125)',
  async ([, isStored, sameUser]) => {
    const tab = openTab(undefined, isStored)
    const { session } = tab
    if (sameUser) await tab.complete(await tab.begin(false), 'alice')
    await completeOvertaken(tab, sameUser, () => endSession(session, undefined, 'signed-out'))
    expect(tab.revoked).toEqual(sameUser ? ['refresh alice', 'late'] : ['late'])
  },
)

test.for([
  ['a sign-in', false],
  ['a step-up', true],
] as const)(
  '%s that the database fails does not undo a sign-out in another tab that this one knows of (R125)',
  async ([, sameUser]) => {
    const all = new Map<string, unknown>()
    const [tab, other] = [openTab(all), openTab(all)]
    const { session } = tab
    await tab.complete(await tab.begin(false), 'alice')
    session.show()
    await other.session.revalidate()
    await completeOvertaken(tab, sameUser, async () => {
      await endSession(other.session, undefined, 'signed-out')
      await session.revalidate()
      expect(session.state().status).toBe('signed-out')
    })
    expect(tab.revoked).toEqual(['late'])
  },
)

test.for([
  ['stored', true],
  ['in memory', false],
] as const)(
  'what a renewal brings after a sign-out is revoked also if the database fails: %s (R77)',
  async ([, isStored]) => {
    const tab = openTab(undefined, isStored)
    const { session } = tab
    await tab.complete(await tab.begin(false), 'alice')
    session.show()
    tab.answerBy(async () => {
      await endSession(session, undefined, 'signed-out')
      tab.failTwice()
      return { refresh_token: 'late' }
    })
    await expect(session.token('', undefined, true)).rejects.toMatchObject({ code: 'signed_out' })
    await expect.poll(() => tab.revoked).toEqual(['refresh alice', 'late'])
    expect(session.current()).toBeUndefined()
  },
)

test('a session that is signed out of while a slow database reads it is not shown (R124)', async () => {
  const all = new Map<string, unknown>()
  const one = openTab(all)
  await one.complete(await one.begin(false), 'alice')
  const { session, doFirst } = openTab(all)
  const seen: string[] = []
  session.subscribe(({ status }) => seen.push(status))
  const { sessionId } = one.session.current() ?? {}
  doFirst(async () => session.notePendingSignOut(noteOf(Date.now(), sessionId)))
  expect(await session.revalidate()).toBe(false)
  expect(seen).toEqual(['starting'])
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

test('a sign-out that its database holds up ends what began before it, and nothing else', async () => {
  for (const isLater of [false, true]) {
    const all = new Map<string, unknown>()
    const [one, other] = [openTab(all), openTab(all)]
    await one.complete(await one.begin(false), 'alice')
    const slow = openTab(all)
    await slow.session.revalidate()
    const before = isLater ? undefined : await other.begin(false)
    await nextMillisecond()
    const release = slow.holdUp()
    const ending = endSession(slow.session, undefined, 'signed-out')
    await nextMillisecond()
    await other.complete(before ?? (await other.begin(false)), 'alice')
    release()
    await ending
    expect(await other.session.revalidate()).toBe(isLater)
  }
})

test('a sign-out of a page that has not read the session yet is not undone by its renewal', async () => {
  const all = new Map<string, unknown>()
  const [tab, slow] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice')
  const release = slow.holdUp()
  const ending = endSession(slow.session, undefined, 'signed-out')
  await nextMillisecond()
  tab.answerBy(async () => ({ refresh_token: 'next' }))
  await tab.session.token('', tab.session.current()?.tokens['']?.accessToken)
  release()
  await ending
  expect(await tab.session.revalidate()).toBe(false)
})

test('a sign-out that its database holds up revokes what another tab has renewed', async () => {
  const slow = await openUnaware(new Map())
  const release = slow.holdUp()
  const ending = endSession(slow.session, undefined, 'signed-out')
  await vi.waitFor(() => expect(slow.revoked).toEqual(['refresh alice']), 5_000)
  release()
  await ending
  await vi.waitFor(() => expect(slow.revoked).toEqual(['refresh alice', 'next']))
})

test('a sign-out that its database holds up revokes nothing twice', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const release = tab.holdUp()
  await endSession(tab.session, undefined, 'signed-out')
  expect(tab.revoked).toEqual(['refresh alice'])
  release()
  await tab.session.revalidate()
  await new Promise((resolve) => setImmediate(resolve))
  expect(tab.revoked).toEqual(['refresh alice'])
})

test('a sign-out that another tab makes up for revokes what is deleted there', async () => {
  const all = new Map<string, unknown>()
  const other = await openUnaware(all)
  // As it is noted by a page whose database is not as quick.
  other.session.notePendingSignOut(`${all.get(SESSION_ID)}`)
  await other.session.revalidate()
  expect(all.has(SESSION)).toBe(false)
  await vi.waitFor(() => expect(other.revoked).toEqual(['next']))
})

test('a sign-out that a tab makes up for is told to the other tabs (R119)', async () => {
  let told = 0
  const tab = openTab(undefined, true, {
    announce() {
      told++
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.notePendingSignOut(`${tab.session.current()?.sessionId}`)
  expect(await tab.session.revalidate()).toBe(false)
  expect(told).toBe(1)
})

test('a step-up ends with its session, also while it waits for what an earlier sign-out left', async () => {
  const all = new Map<string, unknown>()
  const [one, slow] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await slow.session.revalidate()
  slow.session.notePendingSignOut('of a session before')
  const release = slow.holdUp()
  const beginning = slow.begin(true)
  beginning.catch(() => {})
  const ending = endSession(slow.session, undefined, 'signed-out')
  release()
  await ending
  await expect(beginning).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
})

test('a renewal that finds the session ended says so itself', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const lost = new AuthError('session_expired', 'The key of this session is gone.')
  tab.answerBy(async () => {
    await nextMillisecond()
    await tab.session.end(lost)
    throw lost
  })
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
    message: 'The key of this session is gone.',
  })
  expect(tab.session.state()).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
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

test('a sign-in under way does not undo a sign-out that the database fails (R125)', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  await nextMillisecond()
  const { nonce, state } = await tab.begin(false)
  await nextMillisecond()
  tab.answerBy(async () => {
    // After what is read beside the token request.
    await nextMillisecond()
    tab.failSignOut()
    await endSession(tab.session, undefined, 'signed-out')
    return { refresh_token: 'late', id_token: await sign('alice', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const found = await findSignIn(tab.session, callback)
  expect(await completeSignIn(tab.session, found)).toMatchObject({ error: { code: 'signed_out' } })
  expect(await tab.session.revalidate()).toBe(false)
  expect(tab.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('a renewal that cannot be stored keeps a session that began by a clock set back since the last sign-out', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  await endSession(tab.session, undefined, 'signed-out')
  moveClock(-60 * MINUTE)
  await tab.complete(await tab.begin(false), 'alice', { refresh_token: 'first' })
  tab.answerBy(async () => ({ refresh_token: 'second' }))
  tab.fillDisk()
  await tab.session.token('', undefined, true)
  expect(tab.session.current()).toMatchObject({ refreshToken: 'second' })
  expect(tab.revoked).not.toContain('second')
})

test('a renewal does not undo a sign-out in another tab that its own has not heard of (R125)', async () => {
  const all = new Map<string, unknown>()
  const [tab, other] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice')
  await other.session.revalidate()
  tab.answerBy(async () => {
    await endSession(other.session, undefined, 'signed-out')
    return { refresh_token: 'late' }
  })
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(await other.session.revalidate()).toBe(false)
  expect(tab.revoked).toContain('late')
})

test('a sign-out frees the lock of a renewal under way, whose refresh token is revoked (R77, R78)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  let answer = (_: object) => {}
  let isAsked = false
  tab.answerBy(() => {
    isAsked = true
    return new Promise((resolve) => {
      answer = resolve
    })
  })
  const asked = tab.session.token('', undefined, true)
  const refused = expect(asked).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  await vi.waitFor(() => expect(isAsked).toBe(true))
  await endSession(tab.session, undefined, 'signed-out')
  await refused
  expect(await tab.session.lock(async () => 'free')).toBe('free')
  expect(tab.revoked).toEqual(['refresh alice'])
  answer({ refresh_token: 'rotated' })
  await vi.waitFor(() => expect(tab.revoked).toEqual(['refresh alice', 'rotated']))
  expect(tab.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test.for([
  ['the database fails it in passing', 'failOnce'],
  ['the disk has no room for its count', 'fillDisk'],
] as const)('a sign-out ends the sign-ins under way, also where %s', async ([, trouble]) => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  const pending = await other.begin(false)
  one[trouble]()
  await endSession(one.session, undefined, 'signed-out')
  await expect(other.complete(pending, 'alice')).rejects.toMatchObject({
    code: 'callback_state',
    message: 'The callback belongs to no sign-in of this browser.',
  })
  expect(all.has(SESSION)).toBe(false)
  // The count stays in any case: a storage without one was emptied by somebody else.
  expect(all.has(EPOCH)).toBe(true)
})

test('a sign-in outlives the sign-out before it, of which the page hears while it is being stored', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  await endSession(other.session, undefined, 'signed-out')
  const { nonce, state } = await one.begin(false)
  one.answerBy(async () => {
    const answer = { refresh_token: 'refresh bob', id_token: await sign('bob', nonce) }
    one.doFirst(() => one.session.revalidate())
    return answer
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(one.session, await findSignIn(one.session, callback))
  expect(completed?.error).toBeNull()
  expect(one.session.current()).toMatchObject({ claims: { sub: 'bob' } })
  await other.session.revalidate()
  expect(other.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
})

test.each([
  ['its own', 'signed_out'],
  ['another', 'network'],
])('a renewal that fails after a sign-out in %s tab leaves no pace behind', async (tab, code) => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  one.answerBy(async () => {
    const { session } = tab === 'another' ? other : one
    await endSession(session, undefined, 'signed-out')
    throw new AuthError('network', 'The provider could not be reached.', { retryable: true })
  })
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({ code })
  expect([...all.keys()].filter((name) => !/^used /.test(name))).toEqual([EPOCH])
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

test('a sign-out of a page that has not read the session yet is not undone by a step-up', async () => {
  const all = new Map<string, unknown>()
  const [tab, slow] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice')
  const release = slow.holdUp()
  const ending = endSession(slow.session, undefined, 'signed-out')
  await nextMillisecond()
  expect(await tab.complete(await tab.begin(true), 'alice')).toMatchObject({ error: null })
  release()
  await ending
  expect(await tab.session.revalidate()).toBe(false)
})

/** A tab whose provider does not renew, and how often it was asked to. */
async function openDelayed(retryAfter?: number) {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  let asked = 0
  tab.answerBy(async () => {
    asked++
    throw new AuthError('provider_unavailable', 'Not now.', { retryable: true, retryAfter })
  })
  const renew = () => tab.session.token('', undefined, true)
  return { ...tab, renew, asked: () => asked }
}

test('a provider is asked again after five minutes, however long it wants to be left alone', async () => {
  const { renew, asked } = await openDelayed(24 * 60 * MINUTE)
  await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
  moveClock(4 * MINUTE)
  await expect(renew()).rejects.toMatchObject({
    code: 'provider_unavailable',
    message: 'The last renewals failed, or came too often.',
  })
  moveClock(MINUTE)
  await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
  expect(asked()).toBe(2)
})

test('a provider that is down for long is asked again after a minute or so', async () => {
  const { renew, asked } = await openDelayed()
  for (let count = 1; count <= 20; count++) {
    await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
    expect(asked()).toBe(count)
    moveClock(65_000)
  }
})

test.for([60, 2])(
  'a clock that is set back by %i minutes keeps no renewal waiting (R179)',
  async (minutes) => {
    const { renew, asked } = await openDelayed(2 * MINUTE)
    await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
    moveClock(-minutes * MINUTE)
    await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
    expect(asked()).toBe(2)
  },
)

test('a sign-in waits for nothing that delayed the session before it', async () => {
  const tab = await openDelayed(5 * MINUTE)
  await expect(tab.renew()).rejects.toMatchObject({ message: 'Not now.' })
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await tab.renew()).toMatchObject({ accessToken: 'renewed' })
})

test('a tab takes over what another one has renewed, without a request (R70)', async () => {
  const unaware = await openUnaware(new Map())
  const { session } = unaware
  unaware.answerBy(() => Promise.reject(new AuthError('network', 'Nobody is to be asked.')))
  const token = await session.token('', session.current()?.tokens['']?.accessToken)
  expect(session.usable('')).toEqual(token)
  expect(session.current()?.refreshToken).toBe('next')
})

test('a renewal is given out on a full disk as well, where its time cannot be noted', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => {
    tab.fillDisk()
    return { access_token: 'renewed' }
  })
  expect(await tab.session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
})

test('the first token for a resource is no renewal, and delays none', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => ({}))
  const given = [await tab.session.token(OTHER)]
  // The second of these waits for a moment.
  for (let count = 0; count < 2; count++)
    given.push(await tab.session.token(OTHER, undefined, true))
  expect(new Set(given.map(({ accessToken }) => accessToken)).size).toBe(3)
  await expect(tab.session.token(OTHER, undefined, true)).rejects.toMatchObject({
    code: 'provider_unavailable',
    message: 'The last renewals failed, or came too often.',
  })
})

test.for([
  ['access_denied', false],
  ['consent_required', false],
  ['invalid_request', false],
  ['invalid_scope', false],
  ['invalid_target', false],
  // Of whatever resource it is said, it is said of the client.
  ['invalid_client', true],
  ['unauthorized_client', true],
  ['unsupported_grant_type', true],
] as const)(
  'a renewal that is refused with %s is not tried again (R71)',
  async ([code, isForAll]) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false), 'alice')
    let asked = 0
    const refuse = async () => {
      asked++
      throw refusal(code)
    }
    tab.answerBy(refuse)
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    expect(asked).toBe(1)
    moveClock(3_000)
    tab.answerBy(async () => ({ access_token: 'renewed' }))
    const renewal = tab.session.token('', undefined, true)
    if (isForAll) return expect(renewal).rejects.toMatchObject(ASKS_THE_USER)
    expect(await renewal).toMatchObject({ accessToken: 'renewed' })
    moveClock(MINUTE)
    tab.answerBy(refuse)
    await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
    await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
    expect(asked).toBe(2)
  },
)

test('refusals without a reason count in a row, and for the token of the session alone', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const down = new AuthError('provider_unavailable', 'Not now.', { retryable: true })
  const ask = (key: string, error: AuthError) => {
    moveClock(5 * MINUTE)
    tab.answerBy(() => Promise.reject(error))
    return expect(tab.session.token(key, undefined, true)).rejects
  }
  const [borne, other] = [{ message: 'The provider refused.', retryable: true }, down.message]
  for (let count = 0; count < 5; count++) await ask(OTHER, refusal()).toMatchObject(borne)
  for (let count = 0; count < 3; count++) await ask('', refusal()).toMatchObject(borne)
  await ask('', down).toMatchObject({ message: other })
  for (let count = 0; count < 3; count++) await ask('', refusal()).toMatchObject(borne)
  await ask('', refusal()).toMatchObject({ message: ASKS_THE_USER.message })
})

test('a provider in trouble that says that it does not know the client is asked again (R71)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const details = { providerError: 'invalid_client', status: 503 }
  const error = new AuthError('provider_unavailable', 'Not now.', details)
  tab.answerBy(() => Promise.reject(error))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'provider_unavailable',
    message: 'Not now.',
    retryable: true,
  })
  expect(tab.session.current()?.refreshToken).toBe('refresh alice')
})

test('what is refused for the only token of a session, be it for a resource, is not asked for again', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false, undefined, { tokenKey: OTHER }), 'alice')
  tab.answerBy(() => Promise.reject(refusal('invalid_target')))
  await expect(tab.session.token(OTHER, undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  expect(tab.session.current()?.refreshToken).toBeUndefined()
})

test.for([false, true])(
  'a first resource that is gone ends nothing where the session has a token for another; with a frame: %s',
  async (isFramed) => {
    let frames = 0
    const gone = new AuthError('authorization_error', 'The provider refused.', {
      providerError: 'invalid_target',
    })
    const signInSilently = async () => {
      frames++
      return gone
    }
    const tab = openTab(undefined, true, isFramed ? { signInSilently } : {})
    const first = await tab.begin(false, undefined, { tokenKey: OTHER })
    await tab.complete(first, 'alice', { refresh_token: 'first', scope: 'openid old' })
    const now = 'resource https://now.example/'
    tab.answerBy(async () => ({
      access_token: 'now',
      scope: 'openid new',
      refresh_token: 'second',
    }))
    await tab.session.token(now)
    expect(tab.session.state()).toMatchObject({ scope: ['openid', 'old'] })
    let asked = 0
    tab.answerBy(() => {
      asked++
      return Promise.reject(refusal('invalid_target'))
    })
    for (let count = 0; count < 2; count++) {
      await expect(tab.session.token(OTHER, undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
      expect(tab.session.state()).toMatchObject({ renewal: 'idle', scope: ['openid', 'new'] })
    }
    expect([asked, frames]).toEqual([1, isFramed ? 1 : 0])
    expect(await tab.session.token(now)).toMatchObject({ accessToken: 'now' })
    moveClock(MINUTE)
    tab.answerBy(async () => ({ access_token: 'renewed' }))
    expect(await tab.session.token(now, undefined, true)).toMatchObject({ accessToken: 'renewed' })
    expect(tab.session.current()).toMatchObject({ refreshToken: 'second' })
  },
)

test('a refresh token that is refused while somebody else signs in ends only its own session', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  one.answerBy(async () => {
    await other.complete(await other.begin(false), 'bob')
    throw refusal('invalid_grant')
  })
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.current()?.claims?.sub).toBe('bob')
})

test('a renewal that another user overtakes is not worth another try, and delays none of theirs', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  one.answerBy(async () => {
    await other.complete(await other.begin(false), 'bob')
    return { refresh_token: 'late' }
  })
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
    retryable: false,
  })
  other.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await other.session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
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

test('a session in memory settles no sign-out that the database has yet to hear of (R119)', async () => {
  const tab = openTab(undefined, false)
  tab.session.notePendingSignOut('of a session before')
  await tab.complete(await tab.begin(false), 'alice')
  expect(tab.session.current()?.claims?.sub).toBe('alice')
  await endSession(tab.session, undefined, 'signed-out')
  expect(tab.session.pendingSignOut()).toBe('of a session before')
})

test('a sign-out that is made up for settles none that came meanwhile (R119)', async () => {
  const { session, holdUp } = openTab()
  session.notePendingSignOut('of a session before')
  const release = holdUp()
  const reading = session.revalidate()
  session.notePendingSignOut('of a session after it')
  release()
  await reading
  expect(session.pendingSignOut()).toBe('of a session after it')
  await session.revalidate()
  expect(session.pendingSignOut()).toBe('')
})

test('a second sign-out counts, also where the clock stands still (R125)', async () => {
  const tab = openTab()
  moveClock(0)
  await tab.complete(await tab.begin(false), 'alice')
  await endSession(tab.session, undefined, 'signed-out')
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    await endSession(tab.session, undefined, 'signed-out')
    return { id_token: await sign('alice', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(completed?.error).toMatchObject({ code: 'signed_out' })
  expect(tab.session.current()).toBeUndefined()
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

test('what is refused for one resource ends no session whose own token has run out', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => ({ expires_in: 30 }))
  await tab.session.token('', undefined, true)
  moveClock(MINUTE)
  tab.answerBy(() => Promise.reject(refusal('invalid_target')))
  await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', renewal: 'idle' })
})

test('a network that comes back has nothing renewed where nothing had failed (R143)', async () => {
  const { session, ...tab } = await openDelayed()
  session.show()
  session.retry()
  await session.lock(async () => {})
  expect(tab.asked()).toBe(0)
  await expect(tab.renew()).rejects.toMatchObject({ message: 'Not now.' })
  session.retry()
  await session.lock(async () => {})
  expect(session.state()).toMatchObject({ renewal: 'retrying' })
})

test('a session that the provider ends leaves nothing but a sign-in under way', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  const { state } = await tab.begin(false)
  await tab.session.store.put(`${ARRIVAL}of a callback page`, {})
  for (const error of [new AuthError('network', 'It broke.'), refusal('invalid_grant')]) {
    tab.answerBy(() => Promise.reject(error))
    await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
      code: error.code === 'network' ? 'network' : 'session_expired',
    })
    moveClock(3_000)
  }
  const left = [...all.keys()].filter((name) => !name.startsWith(USED))
  expect(left.sort()).toEqual([EPOCH, 'key', TRANSACTION + state])
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

test('a frame that the provider answers with no code is not opened again at once (R149)', async () => {
  let opened = 0
  const tab = openTab(undefined, true, {
    async signInSilently() {
      opened++
      return new AuthError('interaction_required', 'The provider wants to see the user.')
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  moveClock(0)
  tab.answerBy(() => Promise.reject(refusal('access_denied')))
  for (let count = 0; count < 3; count++) {
    await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  }
  expect(opened).toBe(1)
  moveClock(3_000)
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  expect(opened).toBe(2)
})

test('a frame that fails after a sign-out does not make that a sign-in that failed', async () => {
  const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
    async signInSilently() {
      await endSession(tab.session, undefined, 'signed-out')
      return new AuthError('interaction_required', 'The provider wants to see the user.')
    },
  })
  await tab.complete(await tab.begin(false), 'alice', {})
  tab.session.show()
  await expect(tab.session.token('', undefined, true)).rejects.toBeInstanceOf(AuthError)
  expect(tab.session.state()).toEqual({
    status: 'signed-out',
    reason: 'signed-out',
    error: null,
    warning: null,
  })
})

test('a sign-out that the database fails says so, and is kept as pending (R119)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const id = tab.session.current()?.sessionId
  tab.failSignOut()
  await endSession(tab.session, undefined, 'signed-out')
  expect(tab.session.state()).toMatchObject({
    status: 'signed-out',
    reason: 'signed-out',
    warning: { code: 'storage_unavailable', message: 'It failed in passing.' },
  })
  expect(tab.session.pendingSignOut()).toMatch(new RegExp(`^${id} \\d+$`))
})

test('an API that goes on refusing the token of a session that runs out does not hide that it does', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice', { expires_in: 200 })
  tab.session.show()
  moveClock(150_000)
  await tab.session.revalidate()
  const seen: unknown[] = []
  tab.session.subscribe((state) => seen.push('renewal' in state ? state.renewal : state.status))
  const { accessToken } = tab.session.usable('') ?? {}
  await expect(tab.session.token('', accessToken)).rejects.toMatchObject(ASKS_THE_USER)
  expect(tab.session.state()).toMatchObject({ renewal: 'expiring' })
  expect(new Set(seen)).toEqual(new Set(['expiring']))
})

test('a user who is replaced while nothing can be stored or deleted does not come back', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  const pending = await tab.begin(false)
  const { nonce, state } = pending
  tab.answerBy(async () => {
    tab.fillDisk(true)
    return { refresh_token: 'refresh bob', id_token: await sign('bob', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(completed?.error).toBeNull()
  tab.session.show()
  expect(await tab.session.revalidate()).toBe(true)
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
  expect(tab.session.current()?.refreshToken).toBe('refresh bob')
  tab.mendDisk()
  expect(await tab.session.revalidate()).toBe(true)
  expect(tab.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
  expect(all.has(SESSION)).toBe(false)
  expect(tab.revoked).toEqual(['refresh alice'])
})

test('deleting the session of a user who was replaced, late, ends no sign-in under way', async () => {
  const all = new Map<string, unknown>()
  let note = ''
  const ports = {
    pendingSignOut: () => note,
    notePendingSignOut(sessionId: string) {
      note = sessionId
    },
  }
  const [tab, other] = [openTab(all, true, ports), openTab(all, true, ports)]
  await tab.complete(await tab.begin(false), 'alice')
  const [bob, carol] = [await tab.begin(false), await other.begin(false)]
  // The last look at the records but those that store the session.
  tab.doFirst(async () => tab.doFirst(async () => tab.doFirst(async () => tab.fillDisk(true))))
  expect(await tab.complete(bob, 'bob')).toMatchObject({ error: null })
  expect(note).not.toBe('')
  tab.mendDisk()
  expect(await other.complete(carol, 'carol')).toMatchObject({ error: null })
  expect(note).toBe('')
})

test('a tab with a session of its own leaves no note of whom it replaces', async () => {
  const notes: string[] = []
  const tab = openTab(undefined, false, {
    notePendingSignOut: (sessionId) => notes.push(sessionId),
  })
  await tab.complete(await tab.begin(false), 'alice')
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    tab.failSignOut()
    return { id_token: await sign('bob', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(tab.session.current()?.claims?.sub).toBe('bob')
  expect(notes).toEqual([])
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

test('a sign-in is completed where the database fails to take it in passing', async () => {
  const tab = openTab()
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => ({ id_token: await sign('alice', nonce) }))
  const found = await findSignIn(tab.session, new URLSearchParams({ state, code: 'code' }))
  tab.failOnce()
  expect(await completeSignIn(tab.session, found)).toMatchObject({ error: null })
  expect(tab.session.current()?.claims?.sub).toBe('alice')
})

test('an ID token that only a renewal brings makes nobody the user of a session without one (R73)', async () => {
  const tab = openTab()
  const { session } = tab
  await tab.complete(await tab.begin(false, undefined, { scope: ['orders.read'] }))
  session.show()
  tab.answerBy(async () => ({ access_token: 'renewed', id_token: await sign('alice') }))
  expect(await session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
  expect(session.state()).toMatchObject({ status: 'signed-in', user: null, error: null })
})

test('a renewal shows what its ID token says, and without one leaves the last (R73)', async () => {
  const { session, ...tab } = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  session.show()
  const first = session.current()?.idToken
  tab.answerBy(async () => ({}))
  await session.token('', undefined, true)
  expect(session.current()?.idToken).toBe(first)
  moveClock(2 * MINUTE)
  const second = await sign('alice')
  tab.answerBy(async () => ({ id_token: second }))
  await session.token('', undefined, true)
  expect(session.current()?.idToken).toBe(second)
  expect(session.state()).toMatchObject({ user: { iat: Math.floor(Date.now() / 1000) } })
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

test.for([true, false])(
  'a token that one user had for a resource is not the next one’s, who signs in without a sign-out (stored: %s, R32)',
  async (isStored) => {
    const tab = openTab(undefined, isStored)
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    tab.answerBy(async () => ({ access_token: 'of-alice' }))
    expect(await tab.session.token(OTHER)).toMatchObject({ accessToken: 'of-alice' })
    await tab.complete(await tab.begin(false), 'bob')
    tab.session.show()
    expect(tab.session.usable(OTHER)).toBeUndefined()
    tab.answerBy(async () => ({ access_token: 'of-bob' }))
    expect(await tab.session.token(OTHER)).toMatchObject({ accessToken: 'of-bob' })
  },
)
test.for([undefined, 'invalid_target'])(
  'a frame that renews after a refusal with %s leaves the refresh token that there is (R69)',
  async (code) => {
    const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
      async signInSilently() {
        await tab.complete(await tab.begin(true), 'alice', { access_token: 'by-frame' })
      },
    })
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    tab.answerBy(() => Promise.reject(refusal(code)))
    await tab.session.token(code ? OTHER : '', undefined, true).catch(() => {})
    expect(tab.session.current()).toMatchObject({
      tokens: { '': { accessToken: 'by-frame' } },
      refreshToken: 'refresh alice',
    })
  },
)

test('a first token for a resource that names no scope has all that was granted (R43)', async () => {
  const tab = openTab()
  const tokens = { refresh_token: 'first', scope: 'openid orders.read' }
  await tab.complete(await tab.begin(false), 'alice', tokens)
  tab.session.show()
  tab.answerBy(async () => ({}))
  expect(await tab.session.token(OTHER)).toMatchObject({ scope: ['openid', 'orders.read'] })
})

test('a first token for a resource that names its scope has that one (R43)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice', { refresh_token: 'first', scope: 'openid' })
  tab.answerBy(async () => ({ scope: 'orders.read' }))
  expect(await tab.session.token(OTHER)).toMatchObject({ scope: ['orders.read'] })
})

test.for(['', ' '])(
  'an empty scope in a token response grants nothing: %j (R43)',
  async (scope) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false), 'alice', { scope })
    tab.session.show()
    expect(tab.session.state()).toMatchObject({ status: 'signed-in', scope: [] })
  },
)

test('the state shows the scope of the token of the session, also where a resource had the first', async () => {
  const { session, ...tab } = openTab()
  const tokens = { refresh_token: 'first', scope: 'openid orders.read' }
  await tab.complete(await tab.begin(false, undefined, { tokenKey: OTHER }), 'alice', tokens)
  session.show()
  expect(session.state()).toMatchObject({ scope: ['openid', 'orders.read'] })
  tab.answerBy(async () => ({ scope: 'openid' }))
  await session.token('')
  expect(session.state()).toMatchObject({ scope: ['openid'] })
})

test.each(['', OTHER])(
  'without a refresh token a sign-out revokes the access tokens, that of %j too (R120)',
  async (tokenKey) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false, undefined, { tokenKey }), 'alice', {})
    const token = tab.session.current()?.tokens[tokenKey]?.accessToken
    await endSession(tab.session, undefined, 'signed-out')
    expect(tab.revoked).toEqual([token])
  },
)

test('a rotated refresh token is stored before its ID token is verified: the tab may die while it waits for the keys (R69)', async () => {
  const all = new Map<string, unknown>()
  let isLost = false
  let ask = () => {}
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  const one = openTab(all, true, {
    keysOf: () => async () => {
      if (!isLost) return { keys }
      ask()
      return new Promise(() => {})
    },
  })
  await one.complete(await one.begin(false), 'alice')
  isLost = true
  one.answerBy(async () => ({ refresh_token: 'second', id_token: await sign('alice') }))
  void one.session.token('', undefined, true)
  await asked
  const other = openTab(all)
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.current()).toMatchObject({ refreshToken: 'second' })
})

test('a refresh token that is stored ahead of its answer ends with it, where that is forged', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.answerBy(async () => ({ refresh_token: 'second', id_token: await sign('mallory') }))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
  })
  expect(tab.session.current()).toBeUndefined()
  expect(await tab.session.store.get(SESSION)).toBeUndefined()
})

/** The note of a pending sign-out, which all tabs see. */
function createNote() {
  let pending = ''
  const notePendingSignOut = (note: string) => {
    pending = note
  }
  return { pendingSignOut: () => pending, notePendingSignOut }
}

test('a renewal does not undo the sign-out of a page that was starting, and went away (R118)', async () => {
  const note = createNote()
  const all = new Map<string, unknown>()
  const tab = openTab(all, true, note)
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  await nextMillisecond()
  tab.answerBy(async () => {
    note.notePendingSignOut(noteOf(Date.now()))
    return { access_token: 'late', refresh_token: 'second' }
  })
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({ code: 'signed_out' })
  expect(tab.session.current()).toBeUndefined()
  expect(await openTab(all, true, note).session.revalidate()).toBe(false)
})

test('a session is not shown where the database fails to end it for a page that was starting', async () => {
  const note = createNote()
  const tab = openTab(undefined, true, note)
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  await nextMillisecond()
  note.notePendingSignOut(noteOf(Date.now()))
  tab.failSignOut()
  expect(await tab.session.revalidate()).toBe(false)
})

test('the note of a sign-out ends no sign-in of a tab that has a session of its own', async () => {
  const note = createNote()
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all, false, note), openTab(all, false, note)]
  note.notePendingSignOut(noteOf(Date.now()))
  await nextMillisecond()
  const begun = await one.begin(false)
  await other.begin(false)
  expect(await one.complete(begun, 'alice')).toMatchObject({ error: null })
})

test('it does end one that began before, also in memory (R125)', async () => {
  const note = createNote()
  const tab = openTab(undefined, false, note)
  const begun = await tab.begin(false)
  await nextMillisecond()
  note.notePendingSignOut(noteOf(Date.now()))
  expect(await tab.complete(begun, 'alice')).toMatchObject({ error: { code: 'signed_out' } })
  expect(tab.session.current()).toBeUndefined()
})

test.for(['another', `another${REPLACED}`])(
  'a pending sign-out, %j, ends no session but the one that it is of (R125)',
  async (note) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.notePendingSignOut(note)
    expect(await tab.session.revalidate()).toBe(true)
    expect(tab.session.pendingSignOut()).toBe('')
  },
)

test.for(['answers', 'fails'])(
  'the note of a sign-out ends a session that began in the same millisecond, where the database %s (R125)',
  async (database) => {
    const note = createNote()
    const tab = openTab(undefined, true, note)
    moveClock(0)
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    note.notePendingSignOut(noteOf(Date.now()))
    if (database === 'fails') tab.failSignOut()
    expect(await tab.session.revalidate()).toBe(false)
  },
)

test('the note of a sign-out ends the sign-ins under way, also where there is no session (R125)', async () => {
  const note = createNote()
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all, true, note), openTab(all, true, note)]
  const pending = await one.begin(false)
  await nextMillisecond()
  note.notePendingSignOut(noteOf(Date.now()))
  await other.session.revalidate()
  await expect(one.complete(pending, 'alice')).rejects.toMatchObject({
    code: 'callback_state',
    message: 'The callback belongs to no sign-in of this browser.',
  })
})

test('a sign-out that another tab has made up for ends no sign-in that began after that', async () => {
  const all = new Map<string, unknown>()
  let shared: string | null = null
  /** Noted for all tabs, and in each of them in case the browser keeps nothing. */
  const openNoting = () => {
    let own = ''
    return openTab(all, true, {
      pendingSignOut: () => shared ?? own,
      notePendingSignOut(note) {
        own = note
        shared = note || null
      },
    })
  }
  const [one, other] = [openNoting(), openNoting()]
  await one.complete(await one.begin(false), 'alice')
  one.failSignOut()
  await endSession(one.session, undefined, 'signed-out')
  await nextMillisecond()
  expect(await other.session.revalidate()).toBe(false)
  const begun = await other.begin(false)
  await one.session.revalidate()
  expect(await other.complete(begun, 'alice')).toMatchObject({ error: null })
})

test('a sign-out that the database fails ends its session also where the clock was ahead at the one before (R125)', async () => {
  const tab = openTab()
  moveClock(60 * MINUTE)
  await tab.complete(await tab.begin(false), 'alice')
  await endSession(tab.session, undefined, 'signed-out')
  moveClock(-60 * MINUTE)
  await tab.complete(await tab.begin(false), 'alice')
  tab.failSignOut()
  await endSession(tab.session, undefined, 'signed-out')
  expect(await tab.session.revalidate()).toBe(false)
  expect(tab.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('a sign-out ends a sign-in under way also where the clock was ahead at the one before (R125)', async () => {
  const note = createNote()
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all, true, note), openTab(all, true, note)]
  moveClock(60 * MINUTE)
  await one.complete(await one.begin(false), 'alice')
  await endSession(one.session, undefined, 'signed-out')
  moveClock(-60 * MINUTE)
  const begun = await one.begin(false)
  moveClock(1)
  note.notePendingSignOut(noteOf(Date.now()))
  await other.session.revalidate()
  await expect(one.complete(begun, 'alice')).rejects.toMatchObject({ code: 'callback_state' })
})

test('a session is not shown where the database fails to end it for another page', async () => {
  const note = createNote()
  const all = new Map<string, unknown>()
  const tab = openTab(all, true, note)
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  note.notePendingSignOut(`${all.get(SESSION_ID)}`)
  tab.failSignOut()
  expect(await tab.session.revalidate()).toBe(false)
  expect(tab.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
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

test.for([true, false])(
  'a step-up does not replace who signs in while its code is redeemed (stored: %s, R148)',
  async (isStored) => {
    const all = new Map<string, unknown>()
    const one = openTab(all, isStored)
    const other = isStored ? openTab(all) : one
    await one.complete(await one.begin(false), 'alice')
    const { nonce, state } = await one.begin(true)
    one.answerBy(async () => {
      await nextMillisecond()
      await other.complete(await other.begin(false), 'bob')
      return { id_token: await sign('alice', nonce) }
    })
    const callback = new URLSearchParams({ state, code: 'code' })
    const completed = await completeSignIn(one.session, await findSignIn(one.session, callback))
    expect(completed?.error).toMatchObject({ code: 'signed_out' })
    await other.session.revalidate()
    expect(other.session.current()?.claims?.sub).toBe('bob')
  },
)

/** Signs a user in where the disk is full by the time the code is redeemed. */
async function signInOnFullDisk(tab: ReturnType<typeof openTab>, sub: string) {
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    tab.fillDisk()
    return { refresh_token: `refresh ${sub} on a full disk`, id_token: await sign(sub, nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  return completeSignIn(tab.session, await findSignIn(tab.session, callback))
}

test('a step-up goes on with a session that could not be stored, although an older one left its name', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  expect(await signInOnFullDisk(tab, 'bob')).toMatchObject({ error: null })
  expect(all.has(SESSION)).toBe(false)
  tab.mendDisk()
  expect(await tab.complete(await tab.begin(true), 'bob')).toMatchObject({ error: null })
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

test('a session that could not be stored ends with a sign-out in another tab', async () => {
  const all = new Map<string, unknown>()
  const [tab, other] = [openTab(all), openTab(all)]
  await signInOnFullDisk(tab, 'alice')
  expect(await tab.session.revalidate()).toBe(true)
  await endSession(other.session, undefined, 'signed-out')
  expect(await tab.session.revalidate()).toBe(false)
})

test('a session that the provider ends is over in the other tabs', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  expect(await other.session.revalidate()).toBe(true)
  one.answerBy(() => Promise.reject(refusal('invalid_grant')))
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
  })
  expect(await other.session.revalidate()).toBe(false)
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

test('a renewal that another user overtakes, and that cannot be stored either, leaves their refresh token', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  one.answerBy(async () => {
    await other.complete(await other.begin(false), 'bob')
    one.failTwice()
    return { refresh_token: 'late' }
  })
  await one.session.token('', undefined, true).catch(() => {})
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.current()).toMatchObject({
    claims: { sub: 'bob' },
    refreshToken: 'refresh bob',
  })
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

/** A promise, and what resolves it. */
function createGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

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

test('a sign-out in another tab is seen where a renewal takes the session over meanwhile (R124)', async () => {
  const all = new Map<string, unknown>()
  const other = await openUnaware(all)
  const another = openTab(all)
  await another.session.revalidate()
  // The tab has read what was renewed, and is held up before it has unsealed it.
  const [reads, goesOn] = [createGate(), createGate()]
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...given) => {
    reads.open()
    await goesOn.opened
    return decrypt(...given)
  })
  const token = other.session.token('', other.session.current()?.tokens['']?.accessToken)
  await reads.opened
  await endSession(another.session, undefined, 'signed-out')
  const release = other.holdUp()
  const revalidating = other.session.revalidate()
  goesOn.open()
  await token
  release()
  await revalidating
  expect(other.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('a renewal that is forced gives another token than the one in use, also beside an older renewal', async () => {
  const all = new Map<string, unknown>()
  const other = await openUnaware(all)
  const first = other.session.current()?.tokens['']?.accessToken
  const lock = createGate()
  void other.session.lock(() => lock.opened)
  const repairing = other.session.token('', first)
  await other.session.revalidate()
  const held = other.session.current()?.tokens['']?.accessToken
  expect(held).not.toBe(first)
  other.answerBy(async () => ({ refresh_token: 'next but one' }))
  const forced = other.session.token('', undefined, true)
  await nextMillisecond()
  lock.open()
  expect(await repairing).toMatchObject({ accessToken: held })
  expect((await forced).accessToken).not.toBe(held)
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

test('a session that the provider has ended says so in the other tabs as well', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  moveClock(0)
  one.answerBy(() => Promise.reject(refusal('invalid_grant')))
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
  })
  await other.session.revalidate()
  expect(other.session.state()).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
  await expect(other.session.token('')).rejects.toMatchObject({ code: 'session_expired' })
})

test('a call that waits for a frame when the user signs out hears of that', async () => {
  const [opened, ended] = [createGate(), createGate()]
  const tab = openTab(undefined, true, {
    async signInSilently() {
      opened.open()
      await ended.opened
      return new AuthError('interaction_required', 'The provider wants to see the user.')
    },
  })
  await tab.complete(await tab.begin(false), 'alice', {})
  tab.session.show()
  const token = tab.session.token('', undefined, true)
  const refused = expect(token).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  await opened.opened
  await endSession(tab.session, undefined, 'signed-out')
  ended.open()
  await refused
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

test('a session that can be read no more has not been ended by the provider', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  const stored = await one.session.store.get(SESSION)
  await one.session.store.put(SESSION, { ...(stored?.content as object), format: 2 })
  expect(await other.session.revalidate()).toBe(false)
  expect(other.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
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

test('a user who is replaced on a full disk does not come back, also where neither has a refresh token', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice', {})
  const { nonce, state } = await tab.begin(false)
  tab.answerBy(async () => {
    tab.fillDisk()
    return { id_token: await sign('bob', nonce) }
  })
  const callback = new URLSearchParams({ state, code: 'code' })
  const completed = await completeSignIn(tab.session, await findSignIn(tab.session, callback))
  expect(completed?.error).toBeNull()
  expect(all.has(SESSION)).toBe(false)
})

test('a sign-out that comes after the storage was emptied is not taken for one before it', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await other.complete(await other.begin(false), 'alice')
  await endSession(other.session, undefined, 'signed-out')
  await other.complete(await other.begin(false), 'alice')
  await one.session.revalidate()
  all.clear()
  await other.complete(await other.begin(false), 'alice')
  await nextMillisecond()
  await endSession(other.session, undefined, 'signed-out')
  expect(await one.session.revalidate()).toBe(false)
  expect(one.session.state()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('a session that the provider ends where the storage was emptied is over in the other tabs', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  all.clear()
  one.answerBy(() => Promise.reject(refusal('invalid_grant')))
  await expect(one.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
  })
  expect(await other.session.revalidate()).toBe(false)
  expect(other.session.state()).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
})

test('a renewal is made where the database fails to say when the last one was', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  // Of the session, and of the pace.
  tab.failSignOut()
  const { accessToken } = tab.session.usable('') ?? {}
  expect(await tab.session.token('', accessToken)).toMatchObject({ accessToken: 'renewed' })
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

test('the same user who signs in anew in another tab stays signed in', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await one.session.revalidate()
  const seen: string[] = []
  one.session.subscribe(({ status }) => seen.push(status))
  await other.complete(await other.begin(false), 'alice')
  await one.session.revalidate()
  expect(one.session.current()?.sessionId).toBe(other.session.current()?.sessionId)
  expect(new Set(seen)).toEqual(new Set(['signed-in']))
})

test.for([
  ['starts over with the next one', false, ['signed-in', 'starting', 'signed-in']],
  ['sees a sign-out in between', true, ['signed-in', 'signed-out', 'signed-in']],
] as const)(
  'without an ID token, a tab that has missed a sign-in %s',
  async ([, isSignedOut, statuses]) => {
    const all = new Map<string, unknown>()
    const [one, other] = [openTab(all), openTab(all)]
    const target = { scope: ['orders.read'] }
    await one.complete(await one.begin(false, undefined, target))
    await one.session.revalidate()
    const seen: string[] = []
    one.session.subscribe(({ status }) => seen.push(status))
    if (isSignedOut) await endSession(other.session, undefined, 'signed-out')
    await other.complete(await other.begin(false, undefined, target))
    const ended = one.session.ended()
    await one.session.revalidate()
    expect(one.session.current()?.sessionId).toBe(other.session.current()?.sessionId)
    expect(seen).toEqual(statuses)
    // What was begun for the one before comes to nothing.
    expect(one.session.ended()).toBe(ended + 1)
  },
)

test('a sign-out of a page that was starting is not undone by what that page was reading', async () => {
  const all = new Map<string, unknown>()
  const [tab, starting] = [openTab(all), openTab(all)]
  await tab.complete(await tab.begin(false), 'alice')
  const [reads, goesOn] = [createGate(), createGate()]
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...given) => {
    reads.open()
    await goesOn.opened
    return decrypt(...given)
  })
  const reading = starting.session.revalidate()
  await reads.opened
  const seen: string[] = []
  starting.session.subscribe(({ status }) => seen.push(status))
  await endSession(starting.session, undefined, 'signed-out')
  goesOn.open()
  expect(await reading).toBe(false)
  expect(seen).toEqual(['starting', 'signed-out'])
})

test('after a sign-out nobody is signed in, which is no session that has expired', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  await endSession(tab.session, undefined, 'signed-out')
  await expect(tab.session.token('')).rejects.toMatchObject({
    code: 'not_authenticated',
    message: 'Nobody is signed in: call auth.signIn().',
  })
})

test('a callback that was used is known as such also after a sign-out', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  await tab.complete(begun, 'alice')
  await endSession(tab.session, undefined, 'signed-out')
  expect(await tab.complete(begun, 'alice')).toBeUndefined()
})

test('a sign-out revokes nothing of a session that has begun since', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  await nextMillisecond()
  const release = one.holdUp()
  const ending = endSession(one.session, undefined, 'signed-out')
  await nextMillisecond()
  await other.complete(await other.begin(false), 'bob')
  release()
  await ending
  expect(one.revoked).toEqual(['refresh alice'])
})

test('a token is over by the clock of the page, also where that of the device is set back a little', async () => {
  const tab = openTab()
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  await tab.complete(await tab.begin(false), 'alice', { expires_in: 60 })
  tab.session.show()
  const now = Date.now()
  vi.advanceTimersByTime(61_000)
  vi.setSystemTime(now + 5_000)
  expect(tab.session.atHand('')).toBeUndefined()
})

test('who asks for a token while the page hears of a sign-in gets that one', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all), openTab(all)]
  await one.complete(await one.begin(false), 'alice')
  const reading = other.session.revalidate()
  expect(await other.session.token('')).toEqual(one.session.current()?.tokens[''])
  await reading
})

test('a provider that gives the refused token again is asked once', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice', { access_token: 'same', refresh_token: 'r' })
  tab.session.show()
  let asked = 0
  tab.answerBy(async () => {
    asked++
    return { access_token: 'same' }
  })
  expect(await tab.session.token('', 'same')).toMatchObject({ accessToken: 'same' })
  expect(asked).toBe(1)
})

test('a renewal that is forced gives another token, also where the page hears of a change meanwhile', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  const forced = tab.session.token('', undefined, true)
  const reading = tab.session.revalidate()
  expect(await forced).toMatchObject({ accessToken: 'renewed' })
  await reading
})

test('a session that a page ends for itself is over in the other tabs at once', async () => {
  let told = 0
  const tab = openTab(undefined, true, {
    announce() {
      told++
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  await tab.session.end(new AuthError('session_expired', 'The key of this session is gone.'))
  expect(told).toBe(1)
})

test('a client that is closed holds no session any more, not even what a renewal brings', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  const seen: string[] = []
  tab.session.subscribe(({ status }) => seen.push(status))
  tab.answerBy(async () => {
    tab.session.close()
    expect(tab.session.current()).toBeUndefined()
    return { access_token: 'late' }
  })
  await tab.session.token('', undefined, true).catch(() => {})
  const heard = seen.length
  tab.session.dispatch({ type: 'suspended' })
  expect(tab.session.current()).toBeUndefined()
  expect(seen).toHaveLength(heard)
})

test('a renewal says so while it is under way, and nothing of it where none is made', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  const seen: unknown[] = []
  tab.session.subscribe((state) => seen.push('renewal' in state ? state.renewal : state.status))
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  await tab.session.token('', undefined, true)
  expect(seen).toEqual(['idle', 'renewing', 'idle'])
  await tab.complete(await tab.begin(false), 'alice', {})
  tab.session.show()
  seen.length = 0
  await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
  expect(seen).not.toContain('renewing')
})

test('a session that the provider ends passes on why', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const details = {
    providerError: 'invalid_grant',
    providerErrorDescription: 'The account is locked.',
  }
  const refused = new AuthError('token_request_refused', 'The provider refused.', details)
  tab.answerBy(() => Promise.reject(refused))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
    message: 'The provider ended the session: The provider refused.',
    ...details,
  })
})

test('what a renewal grants in detail counts from then on, and without a word what was granted before', async () => {
  const tab = openTab()
  const [before, after] = [[{ type: 'read' }], [{ type: 'write' }]]
  const tokens = { refresh_token: 'first', authorization_details: before }
  await tab.complete(await tab.begin(false), 'alice', tokens)
  tab.session.show()
  for (const [answer, authorizationDetails] of [
    [{}, before],
    [{ authorization_details: after }, after],
  ] as const) {
    moveClock(MINUTE)
    tab.answerBy(async () => answer)
    await tab.session.token('', undefined, true)
    expect(tab.session.state()).toMatchObject({ authorizationDetails })
  }
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

test('a page that finds nothing stored, and knew of no session, has nothing to warn of', async () => {
  const { session } = openTab()
  expect(await session.revalidate()).toBe(false)
  expect(session.warning()).toBeNull()
})
