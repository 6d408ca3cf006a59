import { expect, test, vi } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { PACE } from '../../../src/session/records.ts'
import {
  ASKS_THE_USER,
  MINUTE,
  moveClock,
  nextMillisecond,
  OTHER,
  openTab,
  refusal,
  TOO_OFTEN,
  useTabs,
} from './open-tab.ts'

useTabs()

/** A tab without a refresh token, whose hidden frame does as it is told, and how often it was opened. */
async function openSilent(
  open: (tab: ReturnType<typeof openTab>) => Promise<AuthError | undefined>,
) {
  let opened = 0
  const tab = openTab(undefined, true, {
    async signInSilently() {
      opened++
      return open(tab)
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
  const { session, opened } = await openSilent(async () => wanted)
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

test('no refresh token is sent after a sign-out that comes while the pace is read (R78, R125)', async () => {
  const tab = openTab()
  const { session, doFirst } = tab
  await tab.complete(await tab.begin(false), 'alice')
  let requests = 0
  tab.answerBy(async () => {
    requests++
    return {}
  })
  const signOut = () => endSession(session, undefined, 'signed-out')
  // The records are looked at for the session, and then for how long to wait.
  doFirst(async () => doFirst(signOut))
  const stale = session.current()?.tokens['']?.accessToken
  await expect(session.token('', stale)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(requests).toBe(0)
})

test('no frame is opened after a sign-out that comes while the pace is read (R78, R125)', async () => {
  const { session, opened, doFirst } = await openSilent(async () => {})
  const stale = session.current()?.tokens['']?.accessToken
  const signOut = () => endSession(session, undefined, 'signed-out')
  // The records are looked at for the session, for how long to wait, and for the pace.
  doFirst(async () => doFirst(async () => doFirst(signOut)))
  await expect(session.token('', stale)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(opened()).toBe(0)
})

test('renewals by a hidden frame that are forced come no more often than those by a refresh token', async () => {
  const renewals = { frame: 0, refresh: 0 }
  const silent = await openSilent(async (tab) => {
    renewals.frame++
    await tab.complete(await tab.begin(true), 'alice', { expires_in: 600 })
    return undefined
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
    // In the pause nobody is asked.
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    expect(asked).toBe(minute + 1)
    tab.answerBy(async () => ({ access_token: `renewed-${minute}` }))
    expect(await tab.session.token('', undefined, true)).toMatchObject({
      accessToken: `renewed-${minute}`,
    })
    moveClock(MINUTE)
  }
})

test('what is refused for one resource is asked for again after half a minute', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  moveClock(0)
  let asked = 0
  tab.answerBy(async () => {
    asked++
    throw refusal('invalid_target')
  })
  for (const [later, times] of [
    [0, 1],
    [28_000, 1],
    [2_000, 2],
  ] as const) {
    moveClock(later)
    await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    expect(asked).toBe(times)
  }
})

test('a refusal for one resource makes no old delay count again by a clock that was set back', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  tab.answerBy(async () => {
    throw new AuthError('provider_unavailable', 'Not now.', {
      retryable: true,
      retryAfter: 2 * MINUTE,
    })
  })
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    message: 'Not now.',
  })
  moveClock(-60 * MINUTE)
  tab.answerBy(async () => {
    throw refusal('invalid_target')
  })
  await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
  // Two minutes before the first request, by this clock: what it was to wait for is near enough to count.
  moveClock(58 * MINUTE)
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await tab.session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
})

test('failures that are still to come, by a clock that was set back, delay no renewal (R179)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  let asked = 0
  tab.answerBy(async () => {
    asked++
    throw new AuthError('provider_unavailable', 'Not now.', { retryable: true })
  })
  const fail = () =>
    expect(tab.session.token('', undefined, true)).rejects.toMatchObject({ message: 'Not now.' })
  for (let count = 0; count < 5; count++) {
    await fail()
    moveClock(MINUTE)
  }
  // A minute before the first, and less than the longest wait before each.
  moveClock(-6 * MINUTE)
  await fail()
  moveClock(MINUTE + 5_000)
  await fail()
  expect(asked).toBe(7)
})

test('renewals that fail wait for one another, also where the storage was emptied meanwhile', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  const stale = tab.session.current()?.tokens['']?.accessToken
  all.clear()
  moveClock(0)
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  tab.answerBy(() => Promise.reject(down))
  await expect(tab.session.token('', stale)).rejects.toMatchObject({ code: 'network' })
  await expect(tab.session.token('', stale)).rejects.toMatchObject(TOO_OFTEN)
})

test('a frame that came to nothing without a network is tried again when there is one', async () => {
  let isDown = true
  const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
    async signInSilently() {
      if (isDown) return new AuthError('timeout', 'The frame is late.', { retryable: true })
      await tab.complete(await tab.begin(true), 'alice', { expires_in: 300 })
      return undefined
    },
  })
  await tab.complete(await tab.begin(false), 'alice', { expires_in: 300 })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  tab.session.show()
  await vi.advanceTimersByTimeAsync(6 * MINUTE)
  await expect.poll(tab.session.state).toMatchObject({ renewal: 'expired' })
  isDown = false
  await vi.advanceTimersByTimeAsync(6 * MINUTE)
  expect(tab.session.state()).toMatchObject({ renewal: 'expired' })
  // As the page does it when it is online again.
  tab.session.retry()
  await expect.poll(tab.session.state).toMatchObject({ status: 'signed-in', renewal: 'idle' })
})

test('forced renewals are at most five in any minute (R76)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const renewals: number[] = []
  tab.answerBy(async () => {
    renewals.push(Date.now())
    return {}
  })
  moveClock(0)
  for (let count = 0; count < 60; count++) {
    await tab.session.token('', undefined, true).catch((error) => {
      expect(error).toMatchObject(TOO_OFTEN)
    })
    moveClock(3_000)
  }
  const within = (from: number) => renewals.filter((at) => at >= from && at < from + MINUTE).length
  expect(Math.max(...renewals.map(within))).toBe(5)
})

test.for(['renewed', 'refused'])(
  'forced renewals are at most five in any minute also where another token is %s in between (R76)',
  async (outcome) => {
    const tab = openTab()
    await tab.complete(await tab.begin(false), 'alice')
    const renewals: number[] = []
    const force = (key: string, answer: () => Promise<object>) => {
      tab.answerBy(answer)
      return tab.session.token(key, undefined, true).catch(() => {})
    }
    moveClock(0)
    for (let count = 0; count < 40; count++) {
      await force('', async () => {
        renewals.push(Date.now())
        return {}
      })
      await force(OTHER, async () => {
        if (outcome === 'refused') throw refusal('invalid_target')
        return {}
      })
      moveClock(3_000)
    }
    const within = (from: number) =>
      renewals.filter((at) => at >= from && at < from + MINUTE).length
    expect(Math.max(...renewals.map(within))).toBe(5)
  },
)

test('a renewal that fails in between lets none come earlier (R76)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  const force = (answer: () => Promise<object> = async () => ({})) => {
    tab.answerBy(answer)
    return tab.session.token('', undefined, true)
  }
  moveClock(0)
  await force()
  moveClock(3_000)
  await force()
  moveClock(16_000)
  await expect(force(() => Promise.reject(down))).rejects.toMatchObject({ code: 'network' })
  moveClock(4_000)
  await force()
  moveClock(3_000)
  await expect(force()).rejects.toMatchObject(TOO_OFTEN)
})

test('the first token for a resource is no renewal and delays none, also where a frame brings it', async () => {
  let opened = 0
  const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
    async signInSilently(tokenKey) {
      opened++
      await tab.complete(await tab.begin(true, undefined, { tokenKey }), 'alice', {})
    },
  })
  await tab.complete(await tab.begin(false), 'alice', {})
  tab.session.show()
  await tab.session.token(OTHER)
  // The second of these waits for a moment.
  for (let count = 0; count < 2; count++) await tab.session.token(OTHER, undefined, true)
  expect(opened).toBe(3)
  await expect(tab.session.token(OTHER, undefined, true)).rejects.toMatchObject(TOO_OFTEN)
})

test('renewals that fail are at most five in any minute as well, however often the app asks (R76)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const renewals: number[] = []
  tab.answerBy(async () => {
    renewals.push(Date.now())
    throw new AuthError('provider_unavailable', 'Not now.', { retryable: true })
  })
  moveClock(0)
  for (let count = 0; count < 240; count++) {
    await tab.session.token('', undefined, true).catch(() => {})
    moveClock(500)
  }
  // A wait of up to a second is a real one, which the clock of this test does not show.
  const within = (from: number) =>
    renewals.filter((at) => at >= from && at < from + MINUTE - 1_000).length
  expect(Math.max(...renewals.map(within))).toBeLessThanOrEqual(5)
})

test('two renewals that are forced at once are a second apart (R76)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  const renewals: number[] = []
  tab.answerBy(async () => {
    renewals.push(Date.now())
    return {}
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  await tab.session.token('', undefined, true)
  const second = tab.session.token('', undefined, true)
  // It gets as far as it can by itself.
  const pause = () => new Promise((resolve) => setImmediate(resolve))
  for (let count = 0; count < 100; count++) await pause()
  expect(renewals).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_000)
  await second
  expect(renewals).toHaveLength(2)
})

/** A tab in the pause between two renewals, the second of which waits, and how many were sent. */
async function openPaused() {
  const tab = openTab()
  const { session } = tab
  await tab.complete(await tab.begin(false), 'alice')
  let requests = 0
  tab.answerBy(async () => {
    requests++
    return {}
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await session.token('', undefined, true)
  const paused = session.token('', undefined, true)
  paused.catch(() => {})
  // The pause has begun.
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
  return { session, paused, requests: () => requests }
}

test('a sign-out does not wait for the pause between two renewals, nor does the next sign-in (R78)', async () => {
  const { session, paused, requests } = await openPaused()
  await endSession(session, undefined, 'signed-out')
  // The lock is free although no time has passed.
  await session.lock(async () => {})
  await expect(paused).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(requests()).toBe(1)
})

test('a client that is closed in the pause between two renewals sends no more (R183)', async () => {
  const { session, paused, requests } = await openPaused()
  session.close()
  await vi.advanceTimersByTimeAsync(1_000)
  await expect(paused).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(requests()).toBe(1)
})

test('a refresh token that is refused without a reason is given up in time, also beside a frame', async () => {
  const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
    async signInSilently() {
      await tab.complete(await tab.begin(true), 'alice', {})
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  for (let count = 0; count < 4; count++) {
    expect(tab.session.current()).toMatchObject({ refreshToken: 'refresh alice' })
    moveClock(10 * MINUTE)
    tab.answerBy(() => Promise.reject(refusal()))
    await tab.session.token('', undefined, true)
  }
  expect(tab.session.current()?.refreshToken).toBeUndefined()
})

test('refusals without a reason count anew for a refresh token that a frame brings', async () => {
  let frame = async (): Promise<AuthError | undefined> => undefined
  const tab = openTab(undefined, true, { signInSilently: () => frame() })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  const refuse = () => {
    moveClock(10 * MINUTE)
    tab.answerBy(() => Promise.reject(refusal()))
    return tab.session.token('', undefined, true)
  }
  for (let count = 0; count < 3; count++) {
    frame = async () => {
      await tab.complete(await tab.begin(true), 'alice', { refresh_token: `by frame ${count}` })
      return undefined
    }
    await refuse()
  }
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  frame = () => Promise.reject(down)
  await expect(refuse()).rejects.toMatchObject({ code: 'network' })
  expect(tab.session.current()?.refreshToken).toBe('by frame 2')
})

test('a refresh token that may yet be taken is tried again after the pause, also where the frame wants the user', async () => {
  const wanted = new AuthError('interaction_required', 'The provider wants to see the user.')
  const tab = openTab(undefined, true, { signInSilently: async () => wanted })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  moveClock(0)
  tab.answerBy(() => Promise.reject(refusal()))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(TOO_OFTEN)
  moveClock(MINUTE)
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await tab.session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
})

test.for(['', OTHER])(
  'a refresh token that has come to its end, as is said for %j, gives way to the frame (R71)',
  async (key) => {
    let opened = 0
    const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
      async signInSilently(tokenKey) {
        opened++
        const begun = await tab.begin(true, undefined, { tokenKey })
        await tab.complete(begun, 'alice', { access_token: 'by-frame' })
        return undefined
      },
    })
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    tab.answerBy(() => Promise.reject(refusal('invalid_grant')))
    expect(await tab.session.token(key, undefined, true)).toMatchObject({ accessToken: 'by-frame' })
    expect(tab.session.current()?.refreshToken).toBeUndefined()
    expect(opened).toBe(1)
  },
)

test('a refresh token that is refused for good does not come back where the frame fails', async () => {
  const wanted = new AuthError('interaction_required', 'The provider wants to see the user.')
  const tab = openTab(undefined, true, { signInSilently: async () => wanted })
  await tab.complete(await tab.begin(false), 'alice')
  tab.session.show()
  tab.answerBy(() => Promise.reject(refusal('invalid_client')))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  expect(tab.session.current()?.refreshToken).toBeUndefined()
})

test('no frame is opened for a network that is down, where there is a refresh token', async () => {
  let opened = 0
  const tab = openTab(undefined, true, {
    async signInSilently() {
      opened++
      return undefined
    },
  })
  await tab.complete(await tab.begin(false), 'alice')
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  tab.answerBy(() => Promise.reject(down))
  await expect(tab.session.token('', undefined, true)).rejects.toMatchObject({
    code: 'network',
    message: 'The provider could not be reached.',
  })
  expect(opened).toBe(0)
})

test.for([null, 5, 'x', {}])(
  'a record of the pace that somebody changed lets nobody ask more often: %j (R93)',
  async (failed) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const all = new Map<string, unknown>()
    const tab = openTab(all)
    await tab.complete(await tab.begin(false), 'alice')
    tab.session.show()
    all.set(PACE, { at: 1, failures: 0, failed, notBefore: 0 })
    let asked = 0
    tab.answerBy(async () => {
      asked++
      throw refusal('temporarily_unavailable')
    })
    moveClock(0)
    for (let count = 0; count < 4; count++) {
      await tab.session.token('', undefined, true).catch(() => {})
    }
    expect(asked).toBe(1)
  },
)

test('a pace that nobody can have written delays nothing (R93)', async () => {
  const all = new Map<string, unknown>()
  const tab = openTab(all)
  await tab.complete(await tab.begin(false), 'alice')
  all.set(PACE, { at: 0, notBefore: 8e15 })
  tab.answerBy(async () => ({ access_token: 'renewed' }))
  expect(await tab.session.token('', undefined, true)).toMatchObject({ accessToken: 'renewed' })
})

test.for([
  ['returned', 'interaction_required', 'consent_required'],
  ['thrown', 'token_request_refused', 'invalid_target'],
  ['thrown', 'token_request_refused', 'invalid_scope'],
  ['returned', 'authorization_error', 'access_denied'],
] as const)(
  'a frame that is refused for one resource, %s as %s (%s), leaves the others theirs',
  async ([way, code, providerError]) => {
    const opened: string[] = []
    const tab: ReturnType<typeof openTab> = openTab(undefined, true, {
      async signInSilently(key) {
        opened.push(key)
        if (key !== OTHER) {
          await tab.complete(await tab.begin(true), 'alice', { access_token: 'by-frame' })
          return undefined
        }
        const failure = new AuthError(code, 'The provider refused.', { providerError })
        if (way === 'returned') return failure
        throw failure
      },
    })
    await tab.complete(await tab.begin(false), 'alice', {})
    tab.session.show()
    for (let count = 0; count < 2; count++) {
      await expect(tab.session.token(OTHER)).rejects.toMatchObject(ASKS_THE_USER)
    }
    expect(tab.session.state()).toMatchObject({ renewal: 'idle', error: { code, providerError } })
    expect(await tab.session.token('', undefined, true)).toMatchObject({ accessToken: 'by-frame' })
    expect(opened).toEqual([OTHER, ''])
  },
)

test('a frame whose provider wants to see the user for the session itself is opened for no resource either', async () => {
  const opened: string[] = []
  const details = { providerError: 'consent_required' }
  const wanted = new AuthError('interaction_required', 'The provider refused.', details)
  const tab = openTab(undefined, true, {
    async signInSilently(key) {
      opened.push(key)
      return wanted
    },
  })
  await tab.complete(await tab.begin(false), 'alice', {})
  tab.session.show()
  // However slow this machine is, the pause after the first frame is not over.
  moveClock(0)
  for (const key of ['', OTHER]) {
    await expect(tab.session.token(key, undefined, true)).rejects.toMatchObject(ASKS_THE_USER)
  }
  expect(opened).toEqual([''])
})

test('a frame that the network fails, after it wanted the user, is no reason to ask the user', async () => {
  const wanted = new AuthError('interaction_required', 'The provider wants to see the user.')
  const down = new AuthError('network', 'The provider could not be reached.', { retryable: true })
  let frame = async (): Promise<AuthError> => wanted
  const { session } = await openSilent(() => frame())
  const renew = () => session.token('', undefined, true)
  await expect(renew()).rejects.toMatchObject(ASKS_THE_USER)
  moveClock(MINUTE)
  frame = () => Promise.reject(down)
  await expect(renew()).rejects.toBe(down)
  await expect(renew()).rejects.toMatchObject(TOO_OFTEN)
})

test('a renewal that has to wait says for how long', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  moveClock(0)
  tab.answerBy(async () => {
    const details = { retryable: true, retryAfter: 2 * MINUTE }
    throw new AuthError('provider_unavailable', 'Not now.', details)
  })
  const renew = () => tab.session.token('', undefined, true)
  await expect(renew()).rejects.toMatchObject({ message: 'Not now.' })
  moveClock(30_000)
  await expect(renew()).rejects.toMatchObject({ ...TOO_OFTEN, retryAfter: 90_000 })
})
