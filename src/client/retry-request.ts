import type { AuthError } from '../errors.js'

const ATTEMPTS = 3
const FIRST_DELAY = 300
const LONGEST_WAIT = 5_000

/**
 * Makes an idempotent request (RFC 9110 §9.2.2) up to three times, as long as it fails for a reason that
 * may pass. Between them it waits as long as `Retry-After` asks, up to five seconds, or else a random
 * time that grows.
 *
 * @throws {AuthError} what the last attempt threw
 */
export async function retryRequest<Result>(request: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      const { code, retryAfter } = error as AuthError
      const wait = retryAfter ?? Math.random() * FIRST_DELAY * 4 ** (attempt - 1)
      const passing = code === 'network' || code === 'provider_unavailable'
      if (!passing || attempt === ATTEMPTS || wait > LONGEST_WAIT) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
