import type { TokenRecord } from './records.js'

/** How long access tokens still hold. */
export interface TokenClock {
  /** Milliseconds until a token runs out. */
  readonly left: (token: TokenRecord) => number
  /** Whether a token may be sent. */
  readonly isUsable: (token: TokenRecord) => boolean
  /** Counts the time of these tokens from now on, and of no others. */
  readonly follow: (tokens: readonly TokenRecord[]) => void
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * Tells how long tokens hold, by two clocks: that of the device, which goes on while it sleeps but
 * can be set, and that of the page, which nobody sets but which may stand still during sleep. The
 * stricter one counts.
 */
export function createTokenClock(): TokenClock {
  /** When each token runs out by the clock of the page. */
  let ends: { readonly [accessToken: string]: number } = {}
  /** The token that was looked at last, and when asking again would say nothing new: calls add up. */
  let seen: TokenRecord | undefined
  let [seenAt, seenUntil] = [0, 0]

  const left = ({ accessToken, receivedAt, expiresAt }: TokenRecord): number => {
    const now = Date.now()
    // Received in what now is the future: the clock was set back, nobody knows by how much.
    const byDevice = now < receivedAt - MINUTE ? 0 : (expiresAt ?? Infinity) - now
    const end = ends[accessToken] ?? Infinity
    return Math.min(byDevice, end - performance.now())
  }
  return {
    left,
    isUsable(token) {
      const now = Date.now()
      if (token === seen && now >= seenAt && now < seenUntil) return true
      const { receivedAt, expiresAt } = token
      const rest = left(token) - Math.min(5 * SECOND, ((expiresAt ?? 0) - receivedAt) / 10)
      if (!(rest > 0)) return false
      seen = token
      seenAt = now
      seenUntil = now + Math.min(rest, SECOND)
      return true
    },
    follow(tokens) {
      seen = undefined
      ends = Object.fromEntries(
        tokens.map((token) => [token.accessToken, performance.now() + left(token)]),
      )
    },
  }
}
