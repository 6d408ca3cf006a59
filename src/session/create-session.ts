import { AuthError } from '../errors.js'
import type { AuthState } from '../types.js'
import type { Current, SessionContext } from './context.js'
import { createRenewalTimer } from './create-renewal-timer.js'
import type { TokenRecord } from './records.js'
import { isUsable, renewToken } from './renew-session.js'
import { restoreSession } from './restore-session.js'
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
  /** Reads the store again, once however many ask. */
  readonly revalidate: () => Promise<boolean>
  /** Renews what is due, for when time may have passed unnoticed; `eager` retries a failed one. */
  readonly check: (eager: boolean) => void
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
    const error = 'error' in event && event.error ? ports.explain(event.error) : null
    const next = transition(state, 'error' in event ? ({ ...event, error } as SessionEvent) : event)
    if (next === state) return
    state = next
    for (const listener of [...listeners]) notify(listener, next)
  }
  const show = (error?: AuthError | null) => {
    if (!current) return
    const { claims, tokens } = current.record
    const token = tokens[mainKey(current)]
    const before = state.status === 'signed-in' ? state : undefined
    dispatch({
      type: 'present',
      user: unchanged(before?.user, claims),
      scope: unchanged(before?.scope, token?.scope ?? []),
      expiresAt: token?.expiresAt ?? null,
      error: error ?? null,
      warning,
    })
    timer.arm()
  }
  const context: SessionContext = {
    ...ports,
    state: () => state,
    dispatch,
    current: () => current,
    hold: (next) => {
      current = next
    },
    show,
    drop(reason, error) {
      current = undefined
      timer.cancel()
      dispatch({ type: 'absent', reason, error, warning })
    },
    warn(error) {
      warning ??=
        error instanceof AuthError
          ? error
          : new AuthError('storage_unavailable', 'The browser deleted what this page had stored.')
    },
  }
  const usableToken = (key: string) => {
    const token = revalidation ? undefined : current?.record.tokens[key]
    return token && isUsable(token, ports.now()) ? token : undefined
  }
  const isMain = (key: string) => current !== undefined && mainKey(current) === key
  const renew = (key: string, stale: string | undefined) => {
    const flight =
      flights.get(key) ?? renewAndShow(context, key, stale, isMain(key)).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  const timer = createRenewalTimer({
    ...ports,
    main: () => current?.record.tokens[current ? mainKey(current) : ''],
    canRenew: () => Boolean(current?.record.refreshToken) || ports.hasRefreshAlternative,
    renew: () => {
      if (current) return renew(mainKey(current), usableToken(mainKey(current))?.accessToken)
      return Promise.resolve()
    },
    lapse: (expired) => dispatch({ type: 'lapsing', expired }),
  })
  return {
    context,
    usableToken,
    subscribe(listener) {
      listeners.add(listener)
      notify(listener, state)
      return () => void listeners.delete(listener)
    },
    async token(key, stale) {
      await revalidation
      if (!current) throw notAuthenticated(state)
      const usable = usableToken(key)
      if (usable && usable.accessToken !== stale) return usable
      try {
        return await renew(key, stale)
      } catch (error) {
        // A token that still holds stays in use while renewing fails.
        const still = stale === undefined ? usableToken(key) : undefined
        if (still) return still
        throw error
      }
    },
    revalidate() {
      revalidation ??= restoreSession(context).finally(() => {
        revalidation = undefined
      })
      return revalidation
    },
    check: (eager) => timer.check(eager && state.status === 'signed-in' && state.renewal === 'retrying'),
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
  main: boolean,
): Promise<TokenRecord> {
  const subject = context.current()?.record.claims?.sub
  context.dispatch({ type: 'renewing' })
  try {
    if (!context.isOnline()) {
      throw new AuthError('network', 'The device is offline.', { retryable: true })
    }
    const token = await renewToken(context, key, stale)
    context.show()
    if (token) {
      context.announce()
      return token
    }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    await showFailure(context, error)
    // Another tab may have signed in anew while this one renewed.
    const other = context.current()?.record
    const token = error.code === 'signed_out' && subject ? other?.tokens[key] : undefined
    if (token && other?.claims?.sub === subject && isUsable(token, context.now())) return token
    throw error
  }
  return needUser(context, key, main)
}

function needUser(context: SessionContext, key: string, main: boolean): never {
  const token = context.current()?.record.tokens[key]
  const expired = main && !(token && isUsable(token, context.now()))
  if (main) context.dispatch({ type: 'lapsing', expired })
  throw new AuthError(
    expired ? 'session_expired' : 'interaction_required',
    'Only the user can get this access token: call auth.signIn().',
  )
}

async function showFailure(context: SessionContext, error: AuthError): Promise<void> {
  if (error.code === 'session_expired') {
    context.drop('session-ended', error)
    await context.storage.end().catch(context.warn)
    context.announce()
  } else if (error.code === 'signed_out') {
    await restoreSession(context)
  } else {
    context.dispatch({ type: 'delayed', error })
  }
}

/** The value as it was where it is the same, so that what depends on it stays; frozen through. */
function unchanged<Value>(before: Value | undefined, value: Value): Value {
  const text = JSON.stringify(value)
  if (before !== undefined && JSON.stringify(before) === text) return before
  return JSON.parse(text, (_, member) => Object.freeze(member))
}

/** The token whose scope and lifetime the state shows: the session's own, or its only one. */
function mainKey({ record }: Current): string {
  return '' in record.tokens ? '' : (Object.keys(record.tokens)[0] ?? '')
}

function notAuthenticated(state: AuthState): AuthError {
  const ended = state.status === 'signed-out' && state.reason === 'session-ended'
  return ended
    ? new AuthError('session_expired', 'The session has ended: call auth.signIn().')
    : new AuthError('not_authenticated', 'Nobody is signed in: call auth.signIn().')
}

// An error in an app's listener is the app's: it is reported and keeps nobody else from hearing.
function notify(listener: (state: AuthState) => void, state: AuthState): void {
  try {
    listener(state)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
