import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { completeSignIn, findSignIn } from '../../../src/session/complete-sign-in.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { SESSION } from '../../../src/session/records.ts'
import {
  ASKS_THE_USER,
  createGate,
  keys,
  MINUTE,
  moveClock,
  nextMillisecond,
  OTHER,
  openDelayed,
  openTab,
  openUnaware,
  refusal,
  sign,
  useTabs,
} from './open-tab.ts'

useTabs()

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

test('a page announces what it has renewed, and not what it has taken over', async () => {
  const all = new Map<string, unknown>()
  const announced: string[] = []
  const [one, other] = ['one', 'other'].map((name) =>
    openTab(all, true, { announce: () => announced.push(name) }),
  ) as [ReturnType<typeof openTab>, ReturnType<typeof openTab>]
  await one.complete(await one.begin(false), 'alice')
  await other.session.revalidate()
  const stale = one.session.current()?.tokens['']?.accessToken
  one.answerBy(async () => ({ refresh_token: 'next' }))
  const renewed = await one.session.token('', stale)
  expect(await other.session.token('', stale)).toEqual(renewed)
  expect(announced).toEqual(['one'])
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
