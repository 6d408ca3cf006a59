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

/** Renews ahead of time, or says ahead of time that it cannot. */
export interface RenewalTimer {
  /** Looks at the token anew; without one, rests. */
  readonly arm: () => void
  /** Acts if it is time, because timers oversleep; or at once. */
  readonly check: (now?: boolean) => void
}

const MINUTE = 60_000
/** Tokens that live shorter are renewed when they are wanted, and not ahead of time. */
const SHORTEST_LIFETIME = MINUTE / 2
/** Browsers fire a longer timer at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Makes the timer that watches over a session's access token. */
export function createRenewalTimer({ clock, ...ports }: RenewalTimerPorts): RenewalTimer {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** How long before the end of the token it is time; `undefined` while nothing is due. */
  let lead: number | undefined

  const armFor = (next: number | undefined) => {
    clearTimeout(timer)
    lead = next
    const token = ports.token()
    if (!token || lead === undefined) return
    timer = setTimeout(check, Math.min(clock.left(token) - lead, LONGEST_TIMER))
  }
  const arm = () => {
    const { receivedAt = 0, expiresAt = null } = ports.token() ?? {}
    const renewable = ports.canRenew()
    const lifetime = expiresAt === null ? 0 : expiresAt - receivedAt
    const rests = expiresAt === null || (renewable && lifetime < SHORTEST_LIFETIME)
    // Before half of its life is over nothing is due; and tabs do not all start at once.
    const ahead = Math.min(lifetime / 3, MINUTE * (renewable ? 1 + Math.random() : 5))
    armFor(rests ? undefined : ahead)
  }
  const check = (now?: boolean) => {
    const token = ports.token()
    if (now !== true && !(token && lead !== undefined && clock.left(token) <= lead)) {
      return armFor(lead)
    }
    armFor(undefined)
    if (!token) return
    if (ports.canRenew()) {
      const later = () => {
        if (!ports.canRenew()) return arm()
        const left = ports.token() && clock.left(token)
        // What never runs out, as far as anybody knows, is renewed when it is wanted.
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
