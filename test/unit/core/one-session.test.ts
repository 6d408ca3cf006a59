import { beforeEach, expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { beginSignIn } from '../../../src/session/begin-sign-in.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { createSession } from '../../../src/session/create-session.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { EPOCH, SESSION, SESSION_ID } from '../../../src/session/records.ts'
import { createStore, type Records } from '../../../src/storage/create-store.ts'

const ISSUER = 'https://login.example/'
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  revocation_endpoint: 'https://login.example/revoke',
  id_token_signing_alg_values_supported: ['ES256'],
}
const TARGET = {
  redirectUri: 'https://app.example/callback',
  scope: ['openid'],
  tokenKey: '',
  returnTo: null,
  resource: [],
  audience: undefined,
}
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, [
  'sign',
  'verify',
])
const keys = [await crypto.subtle.exportKey('jwk', publicKey)]

beforeEach(() => {
  vi.stubGlobal('navigator', { onLine: true })
  return () => vi.unstubAllGlobals()
})

async function sign(sub: string, nonce?: string | null): Promise<string> {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud: 'client', iat, exp: iat + 300, sub, nonce: nonce ?? undefined }
  const text = `${encode({ alg: 'ES256' })}.${encode(claims)}`
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, Buffer.from(text))
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}

/** What came before has another time than what comes after. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise((resolve) => setImmediate(resolve))
}

/** A tab: a session on records that others may share, and a provider that answers as it is told. */
function openTab(all = new Map<string, unknown>(), isStored = true) {
  let failures = 0
  let isFull = false
  let holding: Promise<void> | undefined
  let meanwhile: (() => Promise<unknown>) | undefined
  const records: Records = async (change) => {
    const task = meanwhile
    meanwhile = undefined
    await task?.()
    if (failures-- > 0) throw new AuthError('storage_unavailable', 'It failed in passing.')
    await holding
    const before = new Map(all)
    const result = change(all)
    if (isFull && [...all].some(([name, value]) => before.get(name) !== value)) {
      for (const [name, value] of before) all.set(name, value)
      throw new AuthError('storage_unavailable', 'There is no room.')
    }
    return result
  }
  let answer: () => Promise<object>
  let pending = ''
  let last: Promise<unknown> = Promise.resolve()
  const revoked: string[] = []
  const session = createSession({
    clientId: 'client',
    store: createStore(records, () => ''),
    isStored: () => isStored,
    sharesRedirectUri: () => false,
    pendingSignOut: () => pending,
    notePendingSignOut(sessionId) {
      pending = sessionId
    },
    async transport(url, _code, body) {
      const answered = { status: 200, receivedAt: Date.now(), headers: new Headers() }
      if (url === METADATA.revocation_endpoint) {
        revoked.push(new URLSearchParams(body).get('token') ?? '')
        return { ...answered, json: {} }
      }
      const tokens = { access_token: crypto.randomUUID(), token_type: 'Bearer' }
      return { ...answered, json: { ...tokens, ...(await answer()) } }
    },
    binding: undefined,
    push: undefined,
    nonceWithoutOpenid: false,
    signInSilently: undefined,
    metadata: async () => METADATA,
    keysOf: () => async () => ({ keys }),
    forgetProvider() {},
    lock: (task) => {
      const run = last.then(task, task)
      last = run.catch(() => {})
      return run
    },
    announce() {},
    explain: (error) => error,
  })
  const begin = async (sameUser: boolean) => {
    const { url, state } = await beginSignIn(session, TARGET, { sameUser })
    return { nonce: new URL(url).searchParams.get('nonce'), state }
  }
  return {
    session,
    begin,
    revoked,
    failOnce() {
      failures = 1
    },
    /** From now on the database answers nothing, until the returned function is called. */
    holdUp(): () => void {
      let release = () => {}
      holding = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    /** From now on nothing can be written, only deleted. */
    fillDisk() {
      isFull = true
    },
    /** Does something before the records are looked at next. */
    doFirst(task: typeof meanwhile) {
      meanwhile = task
    },
    answerBy(give: typeof answer) {
      answer = give
    },
    /** Comes back from the provider, without the lock as where another tab holds it for ever. */
    async complete({ nonce, state }: Awaited<ReturnType<typeof begin>>, sub: string) {
      answer = async () => ({ refresh_token: `refresh ${sub}`, id_token: await sign(sub, nonce) })
      const callback = new URLSearchParams({ state, code: 'code' })
      return completeSignIn(session, await findSignIn(session, callback))
    },
  }
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
})

test('a session in memory is renewed where an older one lies in the database', async () => {
  const all = new Map<string, unknown>()
  const before = openTab(all)
  await before.complete(await before.begin(false), 'alice')
  const tab = openTab(all, false)
  await tab.complete(await tab.begin(false), 'alice')
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
  await one.session.end(new AuthError('session_expired', 'The key of this session is gone.'))
  expect(await other.session.revalidate()).toBe(true)
  expect(other.session.state()).toMatchObject({ status: 'signed-in', user: { sub: 'bob' } })
  await other.session.end(new AuthError('session_expired', 'The key of this session is gone.'))
  expect(all.has(SESSION)).toBe(false)
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

test('a sign-out that another tab makes up for revokes what is deleted there', async () => {
  const all = new Map<string, unknown>()
  const other = await openUnaware(all)
  // As it is noted by a page whose database is not as quick.
  other.session.notePendingSignOut(`${all.get(SESSION_ID)}`)
  await other.session.revalidate()
  expect(all.has(SESSION)).toBe(false)
  await vi.waitFor(() => expect(other.revoked).toEqual(['next']))
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

test.each(['its own', 'another'])(
  'a renewal that fails after a sign-out in %s tab leaves no pace behind',
  async (tab) => {
    const all = new Map<string, unknown>()
    const [one, other] = [openTab(all), openTab(all)]
    await one.complete(await one.begin(false), 'alice')
    one.answerBy(async () => {
      const { session } = tab === 'another' ? other : one
      await endSession(session, undefined, 'signed-out')
      throw new AuthError('network', 'The provider could not be reached.', { retryable: true })
    })
    await expect(one.session.token('', undefined, true)).rejects.toMatchObject({ code: 'network' })
    expect([...all.keys()].filter((name) => !/^used /.test(name))).toEqual([EPOCH])
  },
)
