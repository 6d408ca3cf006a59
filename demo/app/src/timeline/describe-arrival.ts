import type { AuthState, StartResult } from 'tessera-auth'
import type { NewEvent } from './create-timeline.js'
import type { Arrival } from './read-arrival.js'

/** How the user came back from the tenant, if she did. `at` is when, if not now. */
export function describeReturn(arrival: Arrival, at?: number): readonly NewEvent[] {
  const when = at === undefined ? {} : { at }
  if (arrival === 'code') {
    const detail = 'Works once, and only in this browser'
    return [{ kind: 'return', tone: 'plain', title: 'Came back with a code', detail, ...when }]
  }
  return arrival === 'refusal'
    ? [{ kind: 'return', tone: 'bad', title: 'Came back without a code', ...when }]
    : []
}

/** What `auth.start()` has done, as events. */
export function describeArrival(
  arrival: Arrival,
  state: AuthState,
  result: Pick<StartResult, 'error'>,
): readonly NewEvent[] {
  if (result.error) {
    const detail = `${result.error.code}${arrival === 'code' ? ': the answer was not accepted' : ''}`
    return [{ kind: 'return', tone: 'bad', title: 'The sign-in did not succeed', detail }]
  }
  if (arrival === 'signed-out') {
    return [{ kind: 'end', tone: 'good', title: 'Signed out at the tenant too' }]
  }
  if (state.status !== 'signed-in') return []
  if (arrival === 'code') return [describeProof(state.user !== null), describeKeeping(state)]
  const title =
    arrival === 'reload' ? 'Still signed in after the reload' : 'Signed in already in this browser'
  return [{ kind: 'keep', tone: 'good', title, detail: 'Session read from its sealed store' }]
}

function describeProof(hasUser: boolean): NewEvent {
  return hasUser
    ? {
        kind: 'check',
        tone: 'good',
        title: 'Verified the ID token',
        detail: 'Signature, issuer, audience, nonce and times',
      }
    : { kind: 'check', tone: 'good', title: 'Received an access token', detail: 'No ID token' }
}

function describeKeeping(state: AuthState): NewEvent {
  return state.status === 'signed-in' && state.warning
    ? { kind: 'keep', tone: 'bad', title: 'Kept the tokens in memory only' }
    : {
        kind: 'keep',
        tone: 'good',
        title: 'Stored the tokens, sealed',
        detail: 'With a key that cannot be exported',
      }
}
