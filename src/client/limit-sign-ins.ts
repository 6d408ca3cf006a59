import { AuthError } from '../errors.js'

/** Where the times of recent callbacks are noted, for this tab. */
export interface LoopPorts {
  readonly now: () => number
  readonly isUserActive: () => boolean
  readonly read: () => string | null
  readonly write: (value: string) => void
}

/** Ends sign-ins that go in circles. */
export interface SignInLimit {
  /** Notes that the user came back from the provider. */
  readonly noteCallback: () => void
  /** Forgets what was noted: the user acted. */
  readonly reset: () => void
  /**
   * Lets a sign-in begin that the user asked for, or that has not gone in circles.
   *
   * @throws {AuthError} `interaction_required` after three round trips in a minute that no user
   *   asked for
   */
  readonly assertNoLoop: () => void
}

const MOST = 3
const MINUTE = 60_000

/** Makes the circuit breaker for automatic sign-ins: it counts returns, not attempts. */
export function createSignInLimit(ports: LoopPorts): SignInLimit {
  const recent = () =>
    (ports.read() ?? '')
      .split(' ')
      .map(Number)
      .filter((time) => time > 0 && Math.abs(ports.now() - time) < MINUTE)
  return {
    noteCallback: () => ports.write([...recent().slice(-MOST), ports.now()].join(' ')),
    reset: () => ports.write(''),
    assertNoLoop() {
      if (ports.isUserActive()) return ports.write('')
      if (recent().length < MOST) return
      throw new AuthError(
        'interaction_required',
        'Three sign-ins within a minute went in circles; the next one needs a click of the user.',
      )
    },
  }
}
