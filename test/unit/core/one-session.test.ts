import { beforeEach, expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { beginSignIn } from '../../../src/session/begin-sign-in.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import type { SessionPorts } from '../../../src/session/context.ts'
import { createSession } from '../../../src/session/create-session.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { EPOCH, SESSION, SESSION_ID, TRANSACTION, USED } from '../../../src/session/records.ts'
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

const MINUTE = 60_000

beforeEach(() => {
  vi.stubGlobal('navigator', { onLine: true })
  return () => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    vi.useRealTimers()
  }
})

/** Moves the clock of the device, by milliseconds. Timers go on as they are. */
function moveClock(by: number): void {
  const now = Date.now() + by
  vi.useFakeTimers({ toFake: ['Date'], now })
}

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
function openTab(
  all = new Map<string, unknown>(),
  isStored = true,
  more: Partial<SessionPorts> = {},
) {
  let failures = 0
  let isFull = false
  let isStuck = false
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
    const isShorter = isStuck && all.size < before.size
    if (isFull && (isShorter || [...all].some(([name, value]) => before.get(name) !== value))) {
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
    ...more,
  })
  const begin = async (sameUser: boolean, challenge?: string) => {
    const { url, state } = await beginSignIn(session, TARGET, { sameUser, challenge })
    return { nonce: new URL(url).searchParams.get('nonce'), state }
  }
  return {
    session,
    begin,
    revoked,
    failOnce() {
      failures = 1
    },
    /** The database fails whatever becomes of a sign-out. */
    failSignOut() {
      failures = 3
    },
    /** From now on the database answers nothing, until the returned function is called. */
    holdUp(): () => void {
      let release = () => {}
      holding = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    /** From now on nothing can be written, only deleted; with `isWhole`, not deleted either. */
    fillDisk(isWhole = false) {
      isFull = true
      isStuck = isWhole
    },
    /** Does something before the records are looked at next. */
    doFirst(task: typeof meanwhile) {
      meanwhile = task
    },
    answerBy(give: typeof answer) {
      answer = give
    },
    /** Comes back from the provider, without the lock as where another tab holds it for ever. */
    async complete(
      { nonce, state }: Awaited<ReturnType<typeof begin>>,
      sub: string,
      tokens: object = { refresh_token: `refresh ${sub}` },
    ) {
      answer = async () => ({ ...tokens, id_token: await sign(sub, nonce) })
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
  const comeBack = (looks: number) =>
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

const OTHER = 'resource https://other.example/'

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

const refusal = (providerError?: string) =>
  new AuthError('token_request_refused', 'The provider refused.', { providerError, status: 400 })
const ASKS_THE_USER = {
  code: 'interaction_required',
  message: 'Only the user can get this access token: call auth.signIn().',
}

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
    // Neither at once, nor where it is for all.
    await expect(tab.session.token(OTHER)).rejects.toMatchObject({
      code: isForAll ? 'interaction_required' : 'provider_unavailable',
    })
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
      throw new AuthError('interaction_required', 'The provider wants to see the user.')
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
  expect(tab.session.pendingSignOut()).toBe(id)
})

const TOO_OFTEN = {
  code: 'provider_unavailable',
  message: 'The last renewals failed, or came too often.',
  retryable: true,
}

/** A tab without a refresh token, whose hidden frame does as it is told, and how often it was opened. */
async function openSilent(open: (tab: ReturnType<typeof openTab>) => Promise<unknown>) {
  let opened = 0
  const tab = openTab(undefined, true, {
    async signInSilently() {
      opened++
      await open(tab)
    },
  })
  await tab.complete(await tab.begin(false), 'alice', { expires_in: 600 })
  tab.session.show()
  return { ...tab, opened: () => opened }
}

test('a frame that the network fails is tried again: in the pause, too, the session is not over', async () => {
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  const { session, opened } = await openSilent(() => Promise.reject(down))
  moveClock(11 * MINUTE)
  await expect(session.token('')).rejects.toBe(down)
  expect(session.state()).toMatchObject({ renewal: 'retrying', error: down })
  await expect(session.token('')).rejects.toMatchObject(TOO_OFTEN)
  expect(session.state()).toMatchObject({ renewal: 'retrying', error: down })
  expect(opened()).toBe(1)
})

test('a frame whose provider wants to see the user leaves the session expired, also in the pause', async () => {
  const wanted = new AuthError('interaction_required', 'The provider wants to see the user.')
  const { session, opened } = await openSilent(() => Promise.reject(wanted))
  moveClock(11 * MINUTE)
  for (let count = 0; count < 2; count++) {
    await expect(session.token('')).rejects.toMatchObject({
      code: 'session_expired',
      message: ASKS_THE_USER.message,
    })
    expect(session.state()).toMatchObject({ renewal: 'expired', error: wanted })
  }
  expect(opened()).toBe(1)
})

test('renewals by a hidden frame that are forced come no more often than those by a refresh token', async () => {
  const renewals = { frame: 0, refresh: 0 }
  const silent = await openSilent(async (tab) => {
    renewals.frame++
    await tab.complete(await tab.begin(true), 'alice', { expires_in: 600 })
  })
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => {
    renewals.refresh++
    return {}
  })
  moveClock(0)
  for (let count = 0; count < 20; count++) {
    for (const { session } of [silent, tab]) {
      await session.token('', undefined, true).catch((error) => {
        expect(error).toMatchObject(TOO_OFTEN)
      })
    }
    moveClock(3_000)
  }
  expect(renewals.frame).toBeGreaterThan(1)
  expect(renewals.frame).toBe(renewals.refresh)
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

test('where each tab has a session of its own, each renews at its own pace', async () => {
  const all = new Map<string, unknown>()
  const tabs = ['alice', 'bob', 'carol'].map((user) => ({ user, ...openTab(all, false) }))
  for (const tab of tabs) await tab.complete(await tab.begin(false), tab.user)
  for (const { user, session, answerBy } of tabs) {
    answerBy(async () => ({ access_token: `renewed-${user}` }))
    expect(await session.token('', undefined, true)).toMatchObject({
      accessToken: `renewed-${user}`,
    })
  }
})

test('where each tab has a session of its own, refusals without a reason count for that one', async () => {
  const all = new Map<string, unknown>()
  const [one, other] = [openTab(all, false), openTab(all, false)]
  await one.complete(await one.begin(false), 'alice')
  await other.complete(await other.begin(false), 'bob')
  const ask = ({ session, answerBy }: typeof one) => {
    answerBy(() => Promise.reject(refusal()))
    return expect(session.token('', undefined, true)).rejects
  }
  for (let count = 0; count < 3; count++) {
    await ask(one).toMatchObject({ message: 'The provider refused.', retryable: true })
    moveClock(5 * MINUTE)
  }
  await ask(other).toMatchObject({ message: 'The provider refused.', retryable: true })
  expect(other.session.current()?.refreshToken).toBe('refresh bob')
})

test('of tabs with sessions of their own the latest thirty leave a pace behind, for an hour', async () => {
  const all = new Map<string, unknown>()
  const left: string[] = []
  for (let count = 0; count < 32; count++) {
    const tab = openTab(all, false)
    await tab.complete(await tab.begin(false), 'alice')
    tab.answerBy(async () => ({}))
    await tab.session.token('', undefined, true)
    left.push(`pace ${tab.session.current()?.sessionId}`)
    await nextMillisecond()
  }
  const paces = () => [...all.keys()].filter((name) => name.startsWith('pace'))
  expect(paces()).toEqual(left.slice(-30))
  moveClock(61 * MINUTE)
  await openTab(all, false).begin(false)
  expect(paces()).toEqual([])
})

test('what is refused for one resource again and again delays that one alone', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  let asked = 0
  for (let minute = 0; minute < 6; minute++) {
    tab.answerBy(async () => {
      asked++
      throw refusal('invalid_target')
    })
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(TOO_OFTEN)
    expect(asked).toBe(minute + 1)
    tab.answerBy(async () => ({ access_token: `renewed-${minute}` }))
    expect(await tab.session.token('', undefined, true)).toMatchObject({
      accessToken: `renewed-${minute}`,
    })
    moveClock(MINUTE)
  }
})
