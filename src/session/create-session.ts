import { AuthError, otherUser, signedOut } from '../errors.js'
import type { AuthState, SignedInState } from '../types/state.js'
import type { Current, SessionContext, SessionPorts } from './context.js'
import { createListeners } from './create-listeners.js'
import { createRenewalTimer } from './create-renewal-timer.js'
import { createRepeated } from './create-repeated.js'
import { createTokenClock } from './create-token-clock.js'
import { forgetSession } from './forget-session.js'
import { keepIfEqual } from './keep-if-equal.js'
import { restoreSession } from './keep-session.js'
import { mainKey, SESSION_ID, type TokenRecord } from './records.js'
import { canRenew, renewAndShow } from './renew-and-show.js'
import { type SessionEvent, transition } from './transition.js'

/** A session, its state, and its access tokens. */
export interface Session extends SessionContext {
  readonly subscribe: (listener: (state: AuthState) => void) => () => void
  /** The token for a key if it can be sent as it is. */
  readonly usable: (key: string) => TokenRecord | undefined
  /** The same also while the store is being read again, for a request that cannot wait for that. */
  readonly atHand: (key: string) => TokenRecord | undefined
  /**
   * A token for a key, renewed if need be.
   *
   * @param stale a token to replace
   * @param forced whether to replace the one in use, whichever it is
   */
  readonly token: (key: string, stale?: string, forced?: boolean) => Promise<TokenRecord>
  /** Whose session it is: the subject, or without an ID token the id of the session. */
  readonly owner: () => string | undefined
  /** Reads the store again, once for all who ask meanwhile, and renews if it is time. */
  readonly revalidate: () => Promise<boolean>
  /**
   * Ends the session for a reason that only this page knows.
   *
   * @throws {AuthError} `signed_out` if it is over already
   */
  readonly end: (error: AuthError) => Promise<void>
  /** Tries a failed renewal again, also one that seemed to be for the user alone. */
  readonly retry: () => void
  readonly close: () => void
}

/** Makes a session. Nothing happens before one of its functions is called. */
export function createSession(ports: SessionPorts): Session {
  let state: AuthState = Object.freeze({ status: 'starting' })
  let current: Current | undefined
  let warning: AuthError | null = null
  let isClosed = false
  let ended = 0
  let lastSignOut = 0
  const owner = () => current?.claims?.sub ?? current?.sessionId
  const clock = createTokenClock()
  const listeners = createListeners<AuthState>()
  const flights: { [key: string]: Promise<TokenRecord> } = {}
  const waiting = new Set<(reason: AuthError) => void>()

  const dispatch = (event: SessionEvent) => {
    const error = 'error' in event && event.error && ports.explain(event.error)
    const next = transition(state, error ? { ...event, error } : event)
    if (next === state) return
    state = next
    // A listener may have caused the next state: then nobody hears of this one any more.
    listeners.tell(next, () => state === next)
  }
  const context: SessionContext = {
    ...ports,
    state: () => state,
    dispatch,
    current: () => current,
    isUsable: clock.isUsable,
    hold(next, since = ended, isOwn = false) {
      if (since !== ended) throw signedOut()
      if (isClosed) return
      const { claims, epoch, tokens } = next
      // Without an ID token, only a sign-in that this tab has missed can tell users apart.
      const isOther = !isOwn && !!current && !claims && current.sessionId !== next.sessionId
      if (isOther && current?.epoch !== epoch) context.drop('signed-out')
      else if (isOther) {
        // Usually it is the same user: the app starts over, and is not told of a sign-out.
        ended++
        dispatch({ type: 'suspended' })
      }
      current = next
      clock.follow(Object.values(tokens) as TokenRecord[])
      if (isOther) context.show()
    },
    show(error = null, renewal = 'idle') {
      if (!current) return
      const token = current.tokens[mainKey(current)]
      const before = state.status === 'signed-in' ? state : undefined
      dispatch({
        type: 'present',
        renewal,
        user: keepIfEqual(before?.user, current.claims),
        scope: keepIfEqual(before?.scope, token?.scope ?? []),
        authorizationDetails: keepIfEqual(
          before?.authorizationDetails,
          token?.authorizationDetails ?? [],
        ),
        expiresAt: token?.expiresAt ?? null,
        error,
        warning,
      })
      timer.arm()
    },
    drop(reason, error = null) {
      current = undefined
      ended++
      if (/^(signed-out|idle)$/.test(reason)) lastSignOut = Date.now()
      // A task that has itself found the session ended says so.
      if (reason !== 'session-ended') for (const reject of waiting) reject(signedOut())
      timer.arm()
      dispatch({ type: 'absent', reason, error, warning })
    },
    ended: () => ended,
    lastSignOut: () => lastSignOut,
    untilSignedOut: (task) =>
      new Promise((resolve, reject) => {
        waiting.add(reject)
        task.then(resolve, reject).finally(() => waiting.delete(reject))
      }),
    warn(error) {
      warning = error ? (warning ?? (error as AuthError)) : null
    },
    warning: () => warning,
  }
  const atHand = (key: string) => {
    const { status, user } = state as SignedInState
    // Until the app has been told of another user, it does not get that user's token.
    const isShown = status === 'signed-in' && user?.sub === current?.claims?.sub
    const token = isShown ? current?.tokens[key] : undefined
    return token && clock.isUsable(token) ? token : undefined
  }
  const usable = (key: string) => (revalidation() ? undefined : atHand(key))
  const hasEnded = () => state.status === 'signed-out' && state.reason === 'session-ended'
  const renew = (key: string, stale: string | undefined) => {
    flights[key] ??= renewAndShow(context, key, stale).finally(() => {
      delete flights[key]
    })
    return flights[key]
  }
  const findToken = async (key: string, stale?: string): Promise<TokenRecord> => {
    await revalidation()
    const token = usable(key)
    if (token && token.accessToken !== stale) return token
    if (!current) {
      throw new AuthError(
        hasEnded() ? 'session_expired' : 'not_authenticated',
        'Nobody is signed in: call auth.signIn().',
      )
    }
    try {
      const underWay = flights[key]
      const renewed = await renew(key, stale)
      // One that was under way may have been of an older token.
      const isOlder = underWay && renewed.accessToken === stale
      return isOlder ? await renew(key, stale) : renewed
    } catch (error) {
      // A token that is still valid stays in use while renewing fails.
      const still = stale ? undefined : usable(key)
      if (still) return still
      throw error
    }
  }
  const timer = createRenewalTimer({
    clock,
    token: () => current?.tokens[mainKey(current)],
    canRenew: () => canRenew(context),
    renew: (token) => renew(mainKey(current), token.accessToken),
    lapse: (expired) => dispatch({ type: 'lapsing', expired }),
  })
  const { run: revalidate, running: revalidation } = createRepeated(() =>
    restoreSession(context).finally(() => timer.check()),
  )
  return {
    ...context,
    usable,
    atHand,
    owner,
    subscribe: (listener) => listeners.add(listener, state),
    async token(key, stale, forced) {
      const asking = owner()
      // The session may be about to change: the page is starting, or has heard of another tab. Joining a
      // read under way lets callers who force at once see the same token, and renew it once.
      if (forced) await (revalidation() ?? revalidate())
      // Not `usable()`, which gives nothing while the store is being read again.
      const held = current?.tokens[key]
      const token = await findToken(key, forced ? held?.accessToken : stale)
      // A request of one user is not carried out as another.
      if (asking && asking !== owner()) throw otherUser()
      return token
    },
    revalidate,
    async end(error) {
      const ending = current?.sessionId
      // The user may have signed out, here or in another tab, a moment ago: then that is why.
      await revalidate()
      if (!ending || current?.sessionId !== ending) {
        // Unless another call has found the same.
        if (hasEnded()) return
        throw signedOut()
      }
      context.drop('session-ended', error)
      // Not the session of somebody who has signed in since, for example while this page was frozen.
      await forgetSession(context, (all) => all.get(SESSION_ID) === ending, false)
      context.announce()
    },
    retry() {
      const { renewal = 'idle' } = state as Partial<SignedInState>
      if (/^(retrying|expired)$/.test(renewal)) timer.check(true)
    },
    close() {
      isClosed = true
      current = undefined
      timer.arm()
      listeners.clear()
    },
  }
}
