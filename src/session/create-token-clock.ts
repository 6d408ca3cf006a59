import type { TokenRecord } from './records.js'

/** Tells how long access tokens are still valid. */
export interface TokenClock {
  /** Milliseconds until a token expires. */
  readonly left: (token: TokenRecord) => number
  /** Whether a token may be sent. */
  readonly isUsable: (token: TokenRecord) => boolean
  /** Watches the time of these tokens from now on, and of no others. */
  readonly follow: (tokens: readonly TokenRecord[]) => void
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * Measures by two clocks: that of the device, which goes on during sleep but can be set, and that of the
 * page, which cannot be set but may stand still during sleep. The stricter one counts.
 */
export function createTokenClock(): TokenClock {
  /** When each token expires by the clock of the page. */
  let ends: { readonly [accessToken: string]: number } = {}
  /** The token that was checked last, and until when the answer holds: apps ask very often. */
  let seen: TokenRecord | undefined
  let [seenAt, seenUntil] = [0, 0]

  const left = ({ accessToken, receivedAt, expiresAt }: TokenRecord): number => {
    const now = Date.now()
    // Received in the future: the clock was set back, by an unknown time.
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
