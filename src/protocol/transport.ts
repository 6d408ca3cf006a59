import type { AuthErrorCode } from '../errors.js'

/** What a provider answered, read to the end. */
export interface Answer {
  readonly status: number
  /** When the answer began, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** The body as JSON, whatever its content type; `null` where it is empty, `undefined` where it is none. */
  readonly json: unknown
  /** Those that CORS lets us read. */
  readonly headers: Headers
}

/**
 * Sends one request to the provider, a POST where there is a body, and reads the whole answer within
 * one deadline.
 *
 * @param invalid the code to fail with when the body is too large: over 512 KiB with
 *   `discovery_invalid` (metadata and keys), over 1 MiB with any other
 * @throws {AuthError} `network`, `timeout`, and `invalid`
 */
export type Transport = (
  url: string,
  invalid: AuthErrorCode,
  body?: URLSearchParams | string,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>
