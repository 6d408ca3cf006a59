import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { noteOf, REPLACED } from '../../../src/session/is-to-end.ts'
import { EPOCH, SESSION, SESSION_ID } from '../../../src/session/records.ts'
import {
  createGate,
  MINUTE,
  moveClock,
  nextMillisecond,
  OTHER,
  openTab,
  openUnaware,
  sign,
  signInOnFullDisk,
  useTabs,
} from './open-tab.ts'

useTabs()

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

test.for(['as the renewal begins', 'while the renewal is claimed'])(
  'a sign-out %s sends no refresh token (R78)',
  async (moment) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    let requests = 0
    tab.answerBy(async () => {
      requests++
      return {}
    })
    let ending: Promise<unknown> | undefined
    const signOut = () => {
      ending = endSession(tab.session, undefined, 'signed-out')
    }
    tab.session.subscribe((state) => {
      if (!('renewal' in state) || state.renewal !== 'renewing') return
      if (moment === 'as the renewal begins') return signOut()
      const release = tab.holdUp()
      // The database has been asked by then.
      setImmediate(() => {
        signOut()
        release()
      })
    })
    await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
      code: 'signed_out',
      message: 'The user signed out in the meantime.',
    })
    await ending
    await tab.session.lock(async () => {})
    expect(requests).toBe(0)
    expect(tab.revoked).toEqual(['refresh alice'])
  },
)

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

test('a session that could not be stored ends with a sign-out in another tab', async () => {
  const all = new Map<string, unknown>()
  const [tab, other] = [openTab(all), openTab(all)]
  await signInOnFullDisk(tab, 'alice')
  expect(await tab.session.revalidate()).toBe(true)
  await endSession(other.session, undefined, 'signed-out')
  expect(await tab.session.revalidate()).toBe(false)
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
