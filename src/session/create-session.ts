import { AuthError } from '../errors.js'
import type { AuthState, SignedInState } from '../types/state.js'
import { assertOnline } from './assert-online.js'
import type { Current, SessionContext, SessionPorts } from './context.js'
import { createListeners } from './create-listeners.js'
import { createRenewalTimer } from './create-renewal-timer.js'
import { createRepeated } from './create-repeated.js'
import { createTokenClock } from './create-token-clock.js'
import { forgetSession, restoreSession, signedOut } from './keep-session.js'
import { mainKey, SESSION_ID, type TokenRecord } from './records.js'
import { renewToken } from './renew-session.js'
import { type SessionEvent, transition } from './transition.js'
import { unchanged } from './unchanged.js'

/** A session, its state, and its access tokens. */
export interface Session extends SessionContext {
  readonly subscribe: (listener: (state: AuthState) => void) => () => void
  /** The token for a key if it can be sent as it is. */
  readonly usable: (key: string) => TokenRecord | undefined
  /**
   * A token for a key, renewed if need be; `stale` names one that is not wanted any more, `forced`
   * says that the one in use is not.
   */
  readonly token: (key: string, stale?: string, forced?: boolean) => Promise<TokenRecord>
  /** Whose session it is: the subject, or for want of one which session it is. */
  readonly owner: () => string | undefined
  /** Reads the store again, once however many ask, and acts on what is due. */
  readonly revalidate: () => Promise<boolean>
  /** Ends the session for a reason that this page alone knows of. */
  readonly end: (error: AuthError) => Promise<void>
  /** Tries a failed renewal again. */
  readonly retry: () => void
  readonly close: () => void
}

/** Makes a session. Nothing happens before one of its functions is called. */
export function createSession(ports: SessionPorts): Session {
  let state: AuthState = Object.freeze({ status: 'starting' })
  let current: Current | undefined
  let warning: AuthError | null = null
  let isClosed = false
  let ended = 1
  const owner = () => current?.claims?.sub ?? current?.sessionId
  const clock = createTokenClock()
  const listeners = createListeners<AuthState>()
  const flights: { [key: string]: Promise<TokenRecord> } = {}

  const dispatch = (event: SessionEvent) => {
    const error = 'error' in event && event.error && ports.explain(event.error)
    const next = transition(state, error ? { ...event, error } : event)
    if (next === state) return
    state = next
    // What a listener did may have led on: nobody hears of the state before after that.
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
      // Where nobody says who it is, a sign-in that this tab has missed is what tells users apart.
      const isOther = !isOwn && !!current && !claims && current.sessionId !== next.sessionId
      if (isOther && current?.epoch !== epoch) context.drop('signed-out')
      else if (isOther) {
        // As a rule it is the same user: views begin anew, and nobody is told that she signed out.
        ended++
        dispatch({ type: 'suspended' })
      }
      current = next
      clock.follow(Object.values(tokens) as TokenRecord[])
      if (isOther) context.show()
    },
    show(error, renewal = 'idle') {
      if (!current) return
      const token = current.tokens[mainKey(current)]
      const before = state.status === 'signed-in' ? state : undefined
      dispatch({
        type: 'present',
        renewal,
        user: unchanged(before?.user, current.claims),
        scope: unchanged(before?.scope, token?.scope ?? []),
        authorizationDetails: unchanged(
          before?.authorizationDetails,
          token?.authorizationDetails ?? [],
        ),
        expiresAt: token?.expiresAt ?? null,
        error: error ?? null,
        warning,
      })
      timer.arm()
    },
    drop(reason, error = null) {
      current = undefined
      ended++
      timer.arm()
      dispatch({ type: 'absent', reason, error, warning })
    },
    ended: () => ended,
    warn(error) {
      warning = error ? (warning ?? (error as AuthError)) : null
    },
    warning: () => warning,
  }
  const usable = (key: string) => {
    // While nobody was told of another user, nobody gets that user's token.
    const isShown = (state as SignedInState).user?.sub === current?.claims?.sub
    const token = isShown && !revalidation() ? current?.tokens[key] : undefined
    return token && clock.isUsable(token) ? token : undefined
  }
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
      const ended = state.status === 'signed-out' && state.reason === 'session-ended'
      throw new AuthError(
        ended ? 'session_expired' : 'not_authenticated',
        'Nobody is signed in: call auth.signIn().',
      )
    }
    try {
      return await renew(key, stale)
    } catch (error) {
      // A token that still holds stays in use while renewing fails.
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
    owner,
    subscribe: (listener) => listeners.add(listener, state),
    async token(key, stale, forced) {
      const asking = owner()
      // What is known may be about to change: the page is starting, or heard of another tab. A read that
      // is under way is joined, so that callers who force at once see the same token, and renew it once.
      if (forced) await (revalidation() ?? revalidate())
      // Not `usable()`, which gives nothing while the store is being read again.
      const held = current?.tokens[key]
      const token = await findToken(key, forced ? held?.accessToken : stale)
      // What one user asked for is not done as another.
      if (asking && asking !== owner()) throw otherUser()
      return token
    },
    revalidate,
    async end(error) {
      const ending = current?.sessionId
      context.drop('session-ended', error)
      // Not the one of somebody who has signed in since, as while this page was frozen.
      await forgetSession(context, (all) => all.get(SESSION_ID) === ending, false)
      context.announce()
    },
    retry() {
      if (state.status === 'signed-in' && state.renewal === 'retrying') timer.check(true)
    },
    close() {
      isClosed = true
      current = undefined
      timer.arm()
      listeners.clear()
    },
  }
}

/** What becomes of that which one user asked for, when it is another who is signed in. */
export const otherUser = (): AuthError =>
  new AuthError('signed_out', 'The user who asked for this is not signed in any more.')

async function renewAndShow(
  context: SessionContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord> {
  const { current, show, ended, hold } = context
  const before = current()
  const since = ended()
  try {
    // Where only the user can renew it, that is what is to be said.
    if (canRenew(context)) assertOnline()
    const holdSince = (next: Current) => hold(next, since)
    const token = await renewToken({ ...context, hold: holdSince }, key, stale)
    if (token) {
      show(null)
      context.announce()
      return token
    }
  } catch (error) {
    await showFailure(context, error as AuthError)
    // Another tab may have signed the same user in anew while this one renewed.
    const { claims, tokens } = current() ?? {}
    const token = (error as AuthError).code === 'signed_out' && tokens?.[key]
    const isNew = token && token.accessToken !== stale && context.isUsable(token)
    if (isNew && before?.claims && claims?.sub === before.claims.sub) return token
    throw error
  }
  const main = mainKey(current())
  const token = current()?.tokens[main]
  // For another resource than the session's own the session itself is fine, if it can be renewed.
  const expired = !(token && context.isUsable(token)) && (main === key || !canRenew(context))
  // In one step: `waitForUser()` would take an "idle" in between for the return of the user.
  show(errorOf(context.state()), expired ? 'expired' : 'idle')
  throw new AuthError(
    expired ? 'session_expired' : 'interaction_required',
    'Only the user can get this access token: call auth.signIn().',
  )
}

const canRenew = ({ current, signInSilently }: SessionContext) =>
  !!(current()?.refreshToken || signInSilently)
const errorOf = (state: AuthState) => ('error' in state ? state.error : null)

async function showFailure(context: SessionContext, error: AuthError): Promise<void> {
  if (error.code === 'session_expired') {
    if (context.current()) context.drop('session-ended', error)
    context.announce()
  } else if (error.code === 'signed_out') {
    await restoreSession(context)
    // Where it is as it was, the renewal is over all the same.
    context.show()
  } else context.dispatch({ type: 'delayed', error })
}
