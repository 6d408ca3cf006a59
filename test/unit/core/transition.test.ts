import type { AuthState } from 'tessera-auth'
import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { type SessionEvent, transition } from '../../../src/session/transition.ts'

const error = new AuthError('network', 'gone')
const blocked = new AuthError('storage_unavailable', 'blocked')
const session = {
  user: null,
  scope: ['a'],
  authorizationDetails: [],
  expiresAt: 5,
  error: null,
  warning: null,
} as const

const STATES = {
  starting: { status: 'starting' },
  'signed-out': { status: 'signed-out', reason: 'no-session', error: null, warning: null },
  'signing-in': { status: 'signing-in' },
  'signed-in': { status: 'signed-in', renewal: 'idle', ...session },
} as const satisfies Record<string, AuthState>

const EVENTS = {
  present: { type: 'present', ...session, scope: ['b'] },
  absent: { type: 'absent', reason: 'signed-out', error: null, warning: null },
  leaving: { type: 'leaving' },
  returned: { type: 'returned', error, warning: null },
  renewing: { type: 'renewing' },
  delayed: { type: 'delayed', error },
  lapsing: { type: 'lapsing', expired: false },
  suspended: { type: 'suspended' },
} as const satisfies Record<string, SessionEvent>

const signedIn = { status: 'signed-in', renewal: 'idle', ...session }
const present = { ...signedIn, scope: ['b'] }
const absent = { status: 'signed-out', reason: 'signed-out', error: null, warning: null }
const failed = { status: 'signed-out', reason: 'sign-in-failed', error, warning: null }

/** What comes of each pair; those that are not here cannot happen and change nothing. */
const TABLE: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  starting: { present, absent },
  'signed-out': { present, absent, leaving: { status: 'signing-in' }, returned: failed },
  'signing-in': { present, absent, returned: failed },
  'signed-in': {
    present,
    absent,
    returned: { ...signedIn, error },
    renewing: { ...signedIn, renewal: 'renewing' },
    delayed: { ...signedIn, renewal: 'retrying', error },
    lapsing: { ...signedIn, renewal: 'expiring' },
    suspended: { status: 'starting' },
  },
}

for (const [from, state] of Object.entries(STATES)) {
  for (const [name, event] of Object.entries(EVENTS)) {
    const expected = TABLE[from]?.[name]
    test(`transition() from ${from} on ${name} ${expected ? 'moves on' : 'stays'}`, () => {
      const before = Object.freeze({ ...state }) as AuthState
      const after = transition(before, event)
      if (!expected) return expect(after).toBe(before)
      expect(after).toEqual(expected)
      expect(Object.isFrozen(after)).toBe(true)
    })
  }
}

test('a renewal that only the user could do a moment ago keeps "expiring", until it is done', () => {
  const expiring = transition({ ...STATES['signed-in'], renewal: 'expiring' }, EVENTS.renewing)
  expect(expiring).toMatchObject({ renewal: 'expiring' })
  expect(transition(expiring, EVENTS.present)).toMatchObject({ renewal: 'idle' })
})

test.for(['signed_out', 'session_expired'] as const)(
  'a sign-in that comes to nothing because of %s leaves the reason that is there',
  (code) => {
    const ended = { ...STATES['signed-out'], reason: 'session-ended' } as const
    const returned = { ...EVENTS.returned, error: new AuthError(code, 'It ended.') }
    expect(transition(ended, returned)).toBe(ended)
  },
)

test('transition() gives the very same object where nothing changes', () => {
  const state = transition(STATES.starting, { type: 'present', ...session })
  expect(transition(state, { type: 'present', ...session })).toBe(state)
  const out = transition(state, EVENTS.absent)
  expect(transition(out, EVENTS.absent)).toBe(out)
  const lapsing = transition(state, EVENTS.lapsing)
  expect(transition(lapsing, EVENTS.lapsing)).toBe(lapsing)
})

test('transition() tells a token that runs out from one that has', () => {
  const state = STATES['signed-in']
  expect(transition(state, { type: 'lapsing', expired: true })).toMatchObject({
    renewal: 'expired',
  })
})

test('transition() warns where a sign-in failed because the browser keeps nothing', () => {
  expect(
    transition(STATES['signing-in'], { type: 'returned', error: blocked, warning: null }),
  ).toEqual({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: blocked,
    warning: blocked,
  })
})

test('transition() keeps a session whose next sign-in failed', () => {
  const after = transition(STATES['signed-in'], EVENTS.returned)
  expect(after).toMatchObject({ status: 'signed-in', error, renewal: 'idle' })
})
