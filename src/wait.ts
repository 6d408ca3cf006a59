import { assertOptions, TIME } from './client/assert-options.js'
import { AuthError } from './errors.js'
import type { Capability } from './types/capabilities.js'
import type { AuthState } from './types/state.js'

/** Options of {@link waitForUser}. */
export interface WaitForUserOptions {
  /** The longest that a request waits, in milliseconds. Default five minutes. */
  readonly timeout?: number | undefined
}

/** Browsers fire a longer timer at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Lets `auth.fetch`, `auth.getAccessToken` and `auth.authorize` wait where the session has expired
 * and only the user can renew it: a capability for `createAuth({ capabilities: [waitForUser()] })`.
 * They go on when the same user has signed in again, in a popup or in another tab.
 *
 * They reject with `session_expired`, as they would without it, when the time is over or the user
 * signs out instead, and with `user_mismatch` when another user signs in. A `signal` ends the
 * waiting of one call. Nothing has been sent before.
 *
 * @throws {AuthError} `config`
 */
export function waitForUser(options: WaitForUserOptions = {}): Capability {
  const { timeout = 5 * 60_000 } = assertOptions('waitForUser', options, { timeout: TIME })
  return {
    wait(subscribe) {
      /** Whose session it is, or was: it may be gone when a request comes to wait. */
      let owner: string | undefined
      subscribe((state) => {
        if (state.status === 'signed-in') owner = state.user?.sub
      })
      return async (task) => {
        const started = performance.now()
        for (;;) {
          try {
            return await task()
          } catch (error) {
            const left = timeout - (performance.now() - started)
            if ((error as AuthError).code !== 'session_expired' || left < 0) throw error
            // Not every change of state brings the user back: whoever asked too early waits on.
            await untilBack(subscribe, error as AuthError, owner, Math.min(left, LONGEST_TIMER))
          }
        }
      }
    },
  }
}

/** Resolves when the owner of the session has signed in again. */
function untilBack(
  subscribe: Parameters<NonNullable<Capability['wait']>>[0],
  expired: AuthError,
  owner: string | undefined,
  timeout: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      // The first state comes before there is a function that ends the listening.
      queueMicrotask(() => unsubscribe())
      settle()
    }
    const timer = setTimeout(() => end(() => reject(expired)), timeout)
    const unsubscribe = subscribe((state) => {
      if (isOver(state, owner)) end(() => reject(expired))
      if (state.status !== 'signed-in' || !/^(idle|expiring)$/.test(state.renewal)) return
      if (state.user?.sub === owner) end(resolve)
      else end(() => reject(new AuthError('user_mismatch', 'Another user signed in than before.')))
    })
  })
}

/** Whether nobody can come back any more of whom we would know that it is the same user. */
function isOver(state: AuthState, owner: string | undefined): boolean {
  // Where nobody says who it is, views begin anew when somebody signs in elsewhere, whoever that is.
  if (state.status === 'starting') return !owner
  if (state.status !== 'signed-out') return false
  return !owner || /^(signed-out|idle|no-session)$/.test(state.reason)
}
