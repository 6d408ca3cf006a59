import type { AuthErrorCode } from '../errors.js'

/** An answer of the provider, read to the end. */
export interface Answer {
  readonly status: number
  /** When the answer began, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** The body as JSON, whatever its content type; `null` if empty, `undefined` if not JSON. */
  readonly json: unknown
  /** The headers that CORS lets a page read. */
  readonly headers: Headers
}

/**
 * Sends one request to the provider, a POST if there is a body, and reads the whole answer within
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
