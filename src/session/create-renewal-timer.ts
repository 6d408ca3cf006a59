import type { TokenRecord } from './records.js'
import { isUsable } from './renew-session.js'

/** What a renewal timer is made of. */
export interface RenewalTimerPorts {
  /** The token to keep fresh. */
  readonly token: () => TokenRecord | undefined
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
export function createRenewalTimer(ports: RenewalTimerPorts): RenewalTimer {
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Number.POSITIVE_INFINITY

  const armAt = (time: number) => {
    clearTimeout(timer)
    due = time
    const wait = Math.min(due - Date.now(), LONGEST_TIMER)
    if (Number.isFinite(due)) timer = setTimeout(check, wait)
  }
  const arm = () => {
    const { receivedAt = 0, expiresAt = null } = ports.token() ?? {}
    const renewable = ports.canRenew()
    const lifetime = expiresAt === null ? 0 : expiresAt - receivedAt
    // Before half of its life is over nothing is due; and tabs do not all start at once.
    const lead = Math.min(lifetime / 3, MINUTE * (renewable ? 1 + Math.random() : 5))
    const rests = expiresAt === null || (renewable && lifetime < SHORTEST_LIFETIME)
    armAt(rests ? Number.POSITIVE_INFINITY : expiresAt - lead)
  }
  const check = (now?: boolean) => {
    if (now !== true && Date.now() < due) return armAt(due)
    const token = ports.token()
    armAt(Number.POSITIVE_INFINITY)
    if (!token) return
    if (ports.canRenew()) {
      const later = () => ports.token() && armAt(Date.now() + (MINUTE / 3) * (1 + Math.random()))
      ports.renew(token).catch(later)
    } else {
      const expired = !isUsable(token)
      ports.lapse(expired)
      if (!expired) armAt(token.expiresAt ?? due)
    }
  }
  return { arm, check }
}
