import { expect, test } from 'vitest'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { SESSION, SESSION_ID } from '../../../src/session/records.ts'
import { nextMillisecond, OTHER, openTab, refusal, sign, useTabs } from './open-tab.ts'

useTabs()

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
