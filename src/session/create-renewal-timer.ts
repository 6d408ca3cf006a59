import type { AuthError } from '../errors.js'
import type { TokenClock } from './create-token-clock.js'
import type { TokenRecord } from './records.js'

/** What a renewal timer is made of. */
export interface RenewalTimerPorts {
  /** The token to keep fresh. */
  readonly token: () => TokenRecord | undefined
  readonly clock: TokenClock
  /** Whether it can be renewed without the user. */
  readonly canRenew: () => boolean
  readonly renew: (token: TokenRecord) => Promise<unknown>
  /** The token runs out, or has run out, and only the user can renew it. */
  readonly lapse: (expired: boolean) => void
}

/** Renews the token before it expires, or says in advance that only the user can. */
export interface RenewalTimer {
  /** Starts over for the current token; without one, stops. */
  readonly arm: () => void
  /** Renews if it is time, since timers fire late after sleep; with `now`, at once. */
  readonly check: (now?: boolean) => void
}

const MINUTE = 60_000
/** A token with a shorter life is renewed when it is asked for, and not in advance. */
const SHORTEST_LIFETIME = MINUTE / 2
/** The longest that browsers accept; they fire a longer timer at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Makes the timer that watches over a session's access token. */
export function createRenewalTimer({ clock, ...ports }: RenewalTimerPorts): RenewalTimer {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** How long before the end of the token to act, in milliseconds; `undefined` while nothing is due. */
  let lead: number | undefined

  const armFor = (next: number | undefined) => {
    clearTimeout(timer)
    lead = next
    const token = ports.token()
    if (!token || lead === undefined) return
    timer = setTimeout(() => check(), Math.min(clock.left(token) - lead, LONGEST_TIMER))
  }
  const arm = () => {
    const { receivedAt = 0, expiresAt = null } = ports.token() ?? {}
    const renewable = ports.canRenew()
    const lifetime = expiresAt === null ? 0 : expiresAt - receivedAt
    const rests = expiresAt === null || (renewable && lifetime < SHORTEST_LIFETIME)
    // Never in the first half of its life, and not in all tabs at the same moment.
    const ahead = Math.min(lifetime / 3, MINUTE * (renewable ? 1 + Math.random() : 5))
    armFor(rests ? undefined : ahead)
  }
  const check = (now?: boolean) => {
    const token = ports.token()
    if (!now && !(token && lead !== undefined && clock.left(token) <= lead)) {
      return armFor(lead)
    }
    armFor(undefined)
    if (!token) return
    if (ports.canRenew()) {
      const later = ({ code }: AuthError) => {
        // Only the user can renew it now: the state says so, and does not change until somebody asks.
        if (code === 'session_expired') return armFor(undefined)
        if (!ports.canRenew()) return arm()
        // A frame is tried until the end, but the user may be the one who has to renew it.
        if (code === 'interaction_required' && !now) ports.lapse(false)
        const left = ports.token() && clock.left(token)
        // A token of unknown lifetime is renewed when it is asked for.
        if (left !== undefined && left < Infinity) armFor(left - (MINUTE / 3) * (1 + Math.random()))
      }
      ports.renew(token).catch(later)
    } else {
      const expired = !clock.isUsable(token)
      ports.lapse(expired)
      if (!expired) armFor(0)
    }
  }
  return { arm, check }
}
