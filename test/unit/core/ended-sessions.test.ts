import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { endSession } from '../../../src/session/end-session.ts'
import { ARRIVAL, EPOCH, SESSION, TRANSACTION, USED } from '../../../src/session/records.ts'
import { moveClock, openTab, refusal, useTabs } from './open-tab.ts'

useTabs()

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
