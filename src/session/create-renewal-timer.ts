import type { TokenRecord } from './records.js'
import { isUsable } from './renew-session.js'

/** What a renewal timer is made of. */
export interface RenewalTimerPorts {
  readonly now: () => number
  readonly random: () => number
  readonly schedule: (delay: number, task: () => void) => () => void
  /** The token to keep fresh. */
  readonly main: () => TokenRecord | undefined
  /** Whether it can be renewed without the user. */
  readonly canRenew: () => boolean
  readonly renew: () => Promise<unknown>
  /** The token runs out, or has run out, and only the user can renew it. */
  readonly lapse: (expired: boolean) => void
}

/** Renews ahead of time, or says ahead of time that it cannot. */
export interface RenewalTimer {
  readonly arm: () => void
  /** Looks at the clock now, because timers oversleep; or acts at once. */
  readonly check: (now: boolean) => void
  readonly cancel: () => void
}

const MINUTE = 60_000
/** Tokens that live shorter are renewed when they are wanted, and not ahead of time. */
const SHORTEST_LIFETIME = 30_000
const RETRY_AFTER = 20_000

/** Makes the timer that watches over a session's access token. */
export function createRenewalTimer(ports: RenewalTimerPorts): RenewalTimer {
  let cancel = () => {}
  let due = Number.POSITIVE_INFINITY

  const armAt = (time: number) => {
    cancel()
    due = time
    cancel = ports.schedule(time - ports.now(), run)
  }
  const arm = () => {
    cancel()
    due = Number.POSITIVE_INFINITY
    const token = ports.main()
    if (!token || token.expiresAt === null) return
    const lifetime = token.expiresAt - token.receivedAt
    if (ports.canRenew() && lifetime < SHORTEST_LIFETIME) return
    // Before half of its life is over nothing is due; tabs do not all start at once.
    const lead = Math.min(lifetime / 3, MINUTE * (ports.canRenew() ? 1 + ports.random() : 5))
    armAt(token.expiresAt - lead)
  }
  const run = () => {
    due = Number.POSITIVE_INFINITY
    const token = ports.main()
    if (!token) return
    if (ports.canRenew()) {
      ports.renew().then(
        () => due === Number.POSITIVE_INFINITY && arm(),
        () => ports.main() && armAt(ports.now() + RETRY_AFTER * (1 + ports.random())),
      )
      return
    }
    const expired = !isUsable(token, ports.now())
    ports.lapse(expired)
    if (!expired && token.expiresAt !== null) armAt(token.expiresAt)
  }
  return {
    arm,
    check(now) {
      if (now || ports.now() >= due) {
        cancel()
        run()
      }
    },
    cancel() {
      cancel()
      due = Number.POSITIVE_INFINITY
    },
  }
}
