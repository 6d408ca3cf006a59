import { beforeEach, expect, test } from 'vitest'
import { keepKeyPair } from '../../../src/client/keep-key-pair.ts'
import { AuthError } from '../../../src/errors.ts'
import { createTokenBinding, generateKey } from '../../../src/protocol/create-token-binding.ts'
import { EPOCH, SESSION } from '../../../src/session/records.ts'
import type { BoundSession } from '../../../src/types/capabilities.ts'

const KEY_PAIR = 'key pair'
const BROKEN = new AuthError('storage_unavailable', 'The browser keeps no data for this page.')

/** What the tabs of an app share. */
const all = new Map<string, unknown>()
beforeEach(() => all.clear())

/** A tab that has signed in, and knows the key of its session. */
async function openTab(isStored = true) {
  let session: ReturnType<BoundSession['current']>
  let isBroken = false
  const ended: string[] = []
  const keyPair = keepKeyPair(
    {
      current: () => session,
      async records(change) {
        if (isBroken) throw BROKEN
        return change(all)
      },
      async end({ code }) {
        ended.push(code)
        session = undefined
      },
    },
    generateKey,
  )
  const pair = await keyPair('begin')
  session = { version: isStored ? 'first' : undefined, sessionId: 'one' }
  all.set(EPOCH, 0)
  expect(await keyPair('call')).toBe(pair)
  return {
    keyPair,
    pair,
    ended,
    /** Hears of what another tab has stored, and then the database fails. */
    follow(version: string, sessionId: string) {
      session = { version, sessionId }
      isBroken = true
    },
  }
}

function signOutElsewhere(): void {
  all.clear()
  all.set(EPOCH, 1)
}

test('a sign-in keeps its key also where its page has not heard of the sign-out before it', async () => {
  const { keyPair, pair, ended } = await openTab()
  signOutElsewhere()
  const made = await keyPair('begin')
  expect(made).not.toBe(pair)
  expect(all.get(KEY_PAIR)).toBe(made)
  expect(await keyPair('token')).toBe(made)
  // What is sent with a token of the session that is over is not to be sent in the name of the next.
  expect(await keyPair('call')).toBe(pair)
  expect(ended).toEqual([])
})

test('what goes on with a session makes no key where a sign-out has overtaken it', async () => {
  const { keyPair } = await openTab()
  const binding = createTokenBinding({ keyPair, clockOffset: async () => undefined })
  const jkt = await binding.thumbprint(false)
  signOutElsewhere()
  expect(await binding.thumbprint(false)).toBe(jkt)
  expect(all.has(KEY_PAIR)).toBe(false)
  expect(await binding.thumbprint()).not.toBe(jkt)
  expect(all.has(KEY_PAIR)).toBe(true)
})

test('a sign-in has the key of one that has begun in another tab since', async () => {
  const { keyPair, ended } = await openTab()
  signOutElsewhere()
  const { pair: other } = await openTab()
  expect(await keyPair('begin')).toBe(other)
  expect(await keyPair('token')).toBe(other)
  expect(ended).toEqual([])
})

test('a sign-in goes on with the key of the page where storage was emptied', async () => {
  const { keyPair, pair, ended } = await openTab()
  all.clear()
  expect(await keyPair('begin')).toBe(pair)
  expect(all.get(KEY_PAIR)).toBe(pair)
  expect(await keyPair('token')).toBe(pair)
  expect(ended).toEqual([])
})

test('a sign-in goes on with the key of the page where that alone is gone', async () => {
  const { keyPair, pair } = await openTab()
  all.set(SESSION, 'sealed')
  all.delete(KEY_PAIR)
  expect(await keyPair('begin')).toBe(pair)
  expect(all.get(KEY_PAIR)).toBe(pair)
})

test('a key that cannot be read is that of the page, for as long as the session is the same', async () => {
  const { keyPair, pair, ended, follow } = await openTab()
  follow('renewed elsewhere', 'one')
  expect(await keyPair('token')).toBe(pair)
  // The user has signed out and in again in another tab: a refresh token with the wrong key is refused.
  follow('second', 'two')
  for (const purpose of ['token', 'call'] as const) {
    await expect(keyPair(purpose)).rejects.toBe(BROKEN)
  }
  expect(ended).toEqual([])
})

test("a key of a sign-in that came to nothing is not that of another tab's session", async () => {
  let session: ReturnType<BoundSession['current']>
  let isBroken = false
  const keyPair = keepKeyPair(
    {
      current: () => session,
      async records(change) {
        if (isBroken) throw BROKEN
        return change(all)
      },
      async end() {},
    },
    generateKey,
  )
  await keyPair('begin')
  session = { version: 'first', sessionId: 'of another tab' }
  isBroken = true
  await expect(keyPair('token')).rejects.toBe(BROKEN)
  // Nor where the key of that session is gone.
  isBroken = false
  all.clear()
  await expect(keyPair('token')).rejects.toMatchObject({
    code: 'session_expired',
    message: 'The key of this session is gone.',
  })
})

test('a sign-in or a call of nobody is over by the sign-out that has deleted its key', async () => {
  const ended: string[] = []
  const keyPair = keepKeyPair(
    {
      current: () => undefined,
      records: async (change) => change(all),
      async end({ code }) {
        ended.push(code)
      },
    },
    generateKey,
  )
  await keyPair('begin')
  const over = { code: 'signed_out', message: 'The user signed out in the meantime.' }
  await expect(keyPair('call')).rejects.toMatchObject(over)
  signOutElsewhere()
  await expect(keyPair('token')).rejects.toMatchObject(over)
  expect(ended).toEqual([])
})

test('a renewal makes no key where there is none, and ends the session of a page that never had it', async () => {
  const ended: string[] = []
  const keyPair = keepKeyPair(
    {
      current: () => ({ version: 'first', sessionId: 'one' }),
      records: async (change) => change(all),
      async end({ code }) {
        ended.push(code)
      },
    },
    generateKey,
  )
  await expect(keyPair('token')).rejects.toMatchObject({
    code: 'session_expired',
    message: 'The key of this session is gone.',
  })
  expect(ended).toEqual(['session_expired'])
  expect(all.has(KEY_PAIR)).toBe(false)
})

test('a session that its tab alone has keeps its key, whoever signs out and in elsewhere', async () => {
  const { keyPair, pair, ended } = await openTab(false)
  signOutElsewhere()
  const other = await openTab(false)
  expect(other.pair).not.toBe(pair)
  for (const purpose of ['call', 'token', 'call', 'begin', 'token'] as const) {
    expect(await keyPair(purpose)).toBe(pair)
  }
  // A redirect leads to a page that has to find it.
  expect(all.get(KEY_PAIR)).toBe(pair)
  expect(await other.keyPair('token')).toBe(other.pair)
  expect(await other.keyPair('call')).toBe(other.pair)
  expect([...ended, ...other.ended]).toEqual([])
})

test('a session that its tab alone has keeps its key also before its first call', async () => {
  let session: ReturnType<BoundSession['current']>
  const keyPair = keepKeyPair(
    { current: () => session, records: async (change) => change(all), async end() {} },
    generateKey,
  )
  await keyPair('begin')
  const pair = await keyPair('token')
  session = { version: undefined, sessionId: 'one' }
  signOutElsewhere()
  await openTab(false)
  expect(await keyPair('call')).toBe(pair)
})
