import type { AuthErrorCode } from '../errors.js'

/** What a provider answered, read to the end. */
export interface Answer {
  readonly status: number
  /** When the answer began, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** The body as JSON, whatever its content type; `undefined` where it is none. */
  readonly json: unknown
  /** A response header that CORS lets us read. */
  readonly header: (name: string) => string | null
}

/** A request to the provider. */
export interface ProviderRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams | string | null
  /** Most bytes of the body that are read. Default 1 MiB. */
  readonly limit?: number
  /** The code to fail with when the body is larger. */
  readonly tooLarge: AuthErrorCode
}

/**
 * Sends one request to the provider and reads the whole answer, within one deadline.
 *
 * @throws {AuthError} `network`, `timeout`, and `tooLarge` of the request
 */
export type Transport = (url: string, request: ProviderRequest) => Promise<Answer>
