import { assertOptions, LONGEST_TIMER, TIME } from './client/assert-options.js'
import { AuthError } from './errors.js'
import type { Capability } from './types/capabilities.js'
import type { AuthState } from './types/state.js'

/** Options of {@link waitForUser}. */
export interface WaitForUserOptions {
  /** The longest that a request waits, in milliseconds. Default five minutes. */
  readonly timeout?: number | undefined
}

/**
 * Makes `auth.fetch`, `auth.getAccessToken` and `auth.authorize` wait if the access token has expired and
 * only the user can renew it: a capability for `createAuth({ capabilities: [waitForUser()] })`. They go
 * on when the same user has signed in again, in a popup or in another tab. Nothing is sent before. A call
 * with `forceRenewal` does not wait, nor does a request with `keepalive`.
 *
 * They reject with `session_expired`, as they would without it, when the time is over or the user signs
 * out instead, and with `user_mismatch` when another user signs in. A `signal` ends the wait of one call.
 *
 * @throws {AuthError} `config`
 */
export function waitForUser(options: WaitForUserOptions = {}): Capability {
  const { timeout = 5 * 60_000 } = assertOptions('waitForUser', options, { timeout: TIME })
  return {
    wait(subscribe, closing) {
      /** The user of the session, kept because it may be gone when a request begins to wait. */
      let owner: string | undefined
      subscribe((state) => {
        if (state.status === 'signed-in') owner = state.user?.sub
      })
      return async (task, signal) => {
        const ends = signal ? [closing, signal] : [closing]
        const started = performance.now()
        for (;;) {
          try {
            return await task()
          } catch (error) {
            const left = timeout - (performance.now() - started)
            const isFinal = (error as AuthError).code !== 'session_expired' || left < 0
            if (isFinal || ends.some(({ aborted }) => aborted)) throw error
            // The task is tried after each change of state, and waits again if that was not enough.
            const patience = Math.min(left, LONGEST_TIMER)
            await untilBack(subscribe, ends, error as AuthError, owner, patience)
          }
        }
      }
    },
  }
}

/** Resolves when the owner of the session has signed in again. Each of `ends` ends the wait. */
function untilBack(
  subscribe: Parameters<NonNullable<Capability['wait']>>[0],
  ends: readonly AbortSignal[],
  expired: AuthError,
  owner: string | undefined,
  timeout: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      for (const each of ends) each.removeEventListener('abort', abort)
      // The listener is called for the first time before `subscribe` has returned.
      queueMicrotask(() => unsubscribe())
      settle()
    }
    const abort = ({ target }: Event) => end(() => reject((target as AbortSignal).reason))
    const timer = setTimeout(() => end(() => reject(expired)), timeout)
    for (const each of ends) each.addEventListener('abort', abort)
    const unsubscribe = subscribe((state) => {
      if (isOver(state, owner)) end(() => reject(expired))
      if (state.status !== 'signed-in' || !/^(idle|expiring)$/.test(state.renewal)) return
      if (state.user?.sub === owner) end(resolve)
      else end(() => reject(new AuthError('user_mismatch', 'Another user signed in than before.')))
    })
  })
}

/** Whether the same user can no longer come back, or could not be told from another one. */
function isOver(state: AuthState, owner: string | undefined): boolean {
  // Without an ID token, a sign-in in another tab may be anybody's: the app starts over.
  if (state.status === 'starting') return !owner
  if (state.status !== 'signed-out') return false
  return !owner || /^(signed-out|idle|no-session)$/.test(state.reason)
}
