import { AuthError } from '../errors.js'
import type { AuthState } from '../types/state.js'
import type { Current, SessionContext } from './context.js'
import { createRenewalTimer } from './create-renewal-timer.js'
import { forgetEverything } from './end-session.js'
import { restoreSession } from './load-session.js'
import type { TokenRecord } from './records.js'
import { isUsable, renewToken } from './renew-session.js'
import { type SessionEvent, transition } from './transition.js'

/** What a session is made of: its context less what the session itself provides. */
export type SessionPorts = Omit<
  SessionContext,
  'state' | 'dispatch' | 'current' | 'hold' | 'show' | 'drop' | 'warn'
>

/** A session, its state, and its access tokens. */
export interface Session {
  readonly context: SessionContext
  readonly subscribe: (listener: (state: AuthState) => void) => () => void
  /** The token for a key if it can be sent as it is. */
  readonly usableToken: (key: string) => TokenRecord | undefined
  /** A token for a key, renewed if need be; `stale` names one that is not wanted any more. */
  readonly token: (key: string, stale?: string) => Promise<TokenRecord>
  /** Reads the store again, once however many ask, and acts on what is due. */
  readonly revalidate: () => Promise<boolean>
  /** Tries a failed renewal again. */
  readonly retry: () => void
  readonly close: () => void
}

/** Makes a session. Nothing happens before one of its functions is called. */
export function createSession(ports: SessionPorts): Session {
  let state: AuthState = Object.freeze({ status: 'starting' })
  let current: Current | undefined
  let warning: AuthError | null = null
  let revalidation: Promise<boolean> | undefined
  const listeners = new Set<(state: AuthState) => void>()
  const flights = new Map<string, Promise<TokenRecord>>()

  const dispatch = (event: SessionEvent) => {
    const next = transition(state, event)
    if (next === state) return
    state = next
    for (const listener of [...listeners]) notify(listener, next)
  }
  const context: SessionContext = {
    ...ports,
    state: () => state,
    dispatch,
    current: () => current,
    hold(next) {
      current = next
    },
    show(error) {
      if (!current) return
      const token = current.record.tokens[mainKey(current)]
      const before = state.status === 'signed-in' ? state : undefined
      dispatch({
        type: 'present',
        user: unchanged(before?.user, current.record.claims),
        scope: unchanged(before?.scope, token?.scope ?? []),
        expiresAt: token?.expiresAt ?? null,
        error: error ?? null,
        warning,
      })
      timer.arm()
    },
    drop(reason, error = null) {
      current = undefined
      timer.cancel()
      dispatch({ type: 'absent', reason, error, warning })
    },
    warn(error) {
      warning ??= error
    },
  }
  const usableToken = (key: string) => {
    const token = revalidation ? undefined : current?.record.tokens[key]
    return token && isUsable(token) ? token : undefined
  }
  const renew = (key: string, stale: string | undefined) => {
    const flight =
      flights.get(key) ?? renewAndShow(context, key, stale).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  const timer = createRenewalTimer({
    token: () => current?.record.tokens[mainKey(current)],
    canRenew: () => !!current?.record.refreshToken,
    renew: async () => {
      const key = mainKey(current)
      await renew(key, current?.record.tokens[key]?.accessToken)
    },
    lapse: (expired) => dispatch({ type: 'lapsing', expired }),
  })
  return {
    context,
    usableToken,
    subscribe(listener) {
      listeners.add(listener)
      notify(listener, state)
      return () => listeners.delete(listener)
    },
    async token(key, stale) {
      await revalidation
      const usable = usableToken(key)
      if (usable && usable.accessToken !== stale) return usable
      if (!current) throw notAuthenticated(state)
      try {
        return await renew(key, stale)
      } catch (error) {
        // A token that still holds stays in use while renewing fails.
        const still = stale === undefined && usableToken(key)
        if (still) return still
        throw error
      }
    },
    revalidate() {
      revalidation ??= restoreSession(context).finally(() => {
        revalidation = undefined
        timer.check()
      })
      return revalidation
    },
    retry() {
      if (state.status === 'signed-in' && state.renewal === 'retrying') timer.check(true)
    },
    close() {
      current = undefined
      timer.cancel()
      listeners.clear()
    },
  }
}

async function renewAndShow(
  context: SessionContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord> {
  const before = context.current()
  context.dispatch({ type: 'renewing' })
  try {
    if (!navigator.onLine) {
      throw new AuthError('network', 'The device is offline.', { retryable: true })
    }
    const token = await renewToken(context, key, stale)
    context.show()
    if (token) {
      context.announce()
      return token
    }
  } catch (error) {
    const replaced = await showFailure(context, error as AuthError)
    // Another tab may have signed the same user in anew while this one renewed.
    const token = replaced?.record.tokens[key]
    const subject = before?.record.claims?.sub
    if (token && subject && replaced.record.claims?.sub === subject) return token
    throw error
  }
  // Only the user can help; for another resource than the session's own, the session itself is fine.
  const main = mainKey(before) === key
  const token = context.current()?.record.tokens[key]
  const expired = main && !(token && isUsable(token))
  if (main) context.dispatch({ type: 'lapsing', expired })
  throw new AuthError(
    expired ? 'session_expired' : 'interaction_required',
    'Only the user can get this access token: call auth.signIn().',
  )
}

/** Shows why a renewal failed; returns the session that took the place of the one renewed. */
async function showFailure(
  context: SessionContext,
  error: AuthError,
): Promise<Current | undefined> {
  if (error.code === 'session_expired') {
    context.drop('session-ended', context.explain(error))
    await forgetEverything(context)
    context.announce()
  } else if (error.code === 'signed_out') {
    await restoreSession(context)
    return context.current()
  } else {
    context.dispatch({ type: 'delayed', error: context.explain(error) })
  }
  return undefined
}

/** The token whose scope and lifetime the state shows: the session's own, or its only one. */
function mainKey(current: Current | undefined): string {
  const keys = Object.keys(current?.record.tokens ?? {})
  return keys.includes('') ? '' : (keys[0] ?? '')
}

function notAuthenticated(state: AuthState): AuthError {
  const ended = state.status === 'signed-out' && state.reason === 'session-ended'
  return new AuthError(
    ended ? 'session_expired' : 'not_authenticated',
    'Nobody is signed in: call auth.signIn().',
  )
}

/** The value as it was where it is the same, so that what depends on it stays; frozen through. */
function unchanged<Value>(before: Value | undefined, value: Value): Value {
  const text = JSON.stringify(value)
  if (JSON.stringify(before) === text) return before as Value
  return JSON.parse(text, (_, member) => Object.freeze(member))
}

// An error in an app's listener is the app's: it is reported and keeps nobody else from hearing.
function notify(listener: (state: AuthState) => void, state: AuthState): void {
  try {
    listener(state)
  } catch (error) {
    reportError(error)
  }
}
