import { AuthError, type AuthErrorCode } from '../errors.js'
import { abortable } from './abortable.js'

interface BoundedAnswer {
  readonly status: number
  readonly receivedAt: number
  readonly json: unknown
  readonly headers: Headers
}

/** The largest metadata document or key set that is read, in bytes. */
const LARGEST_DOCUMENT = 2 ** 19
/** The largest body of any other answer, in bytes. */
const LARGEST_BODY = 2 ** 20
/** Said in so many words: the `URLSearchParams` of a polyfill is no form to the browser's fetch. */
const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }

/**
 * Makes the function that sends requests to the provider: with one deadline for headers and body, a
 * limit for the body, no credentials, no cache and no referrer. Redirects are not followed.
 *
 * @param nativeFetch returns the current `fetch`
 * @param timeout the deadline, in milliseconds
 */
export function createTransport(nativeFetch: () => typeof fetch, timeout: number) {
  return async (
    url: string,
    invalid: AuthErrorCode,
    body?: URLSearchParams | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<BoundedAnswer> => {
    const { origin, pathname } = new URL(url)
    const place = (origin + pathname).slice(0, 512)
    const { signal, clear } = createDeadline(timeout)
    try {
      // Every member is set and there is no prototype, because fetch also reads inherited members:
      // a polluted Object.prototype could otherwise change the request.
      const init = Object.assign(Object.create(null), {
        method: body ? 'POST' : 'GET',
        headers: { accept: 'application/json', ...(body && FORM), ...headers },
        body: body ?? null,
        mode: 'cors',
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrer: '',
        referrerPolicy: 'no-referrer',
        integrity: '',
        keepalive: false,
        signal,
      })
      // A fetch that the app provides may ignore signals.
      const response: Response = await abortable(signal, nativeFetch()(url, init))
      const receivedAt = Date.now()
      // Metadata and keys, and nothing else, are requested with this code.
      const limit = invalid === 'discovery_invalid' ? LARGEST_DOCUMENT : LARGEST_BODY
      const text = await readText(response, signal, limit)
      if (text === undefined) {
        throw new AuthError(invalid, `${place} answered with too large a body.`)
      }
      const { status } = response
      return { status, receivedAt, json: parseJson(text), headers: response.headers }
    } catch (error) {
      if (error instanceof AuthError) throw error
      throw signal.aborted
        ? new AuthError('timeout', `${place} did not answer in time.`, { retryable: true })
        : new AuthError('network', `${place} could not be reached.`, {
            hint: 'The network is down, or the provider does not allow this origin (CORS).',
            retryable: true,
          })
    } finally {
      clear()
    }
  }
}

/**
 * Makes a deadline of two timers, each for half of the time: a page that slept past the deadline
 * has half of it left to read an answer that came meanwhile. That answer may have a new refresh
 * token, which would be lost with it.
 */
function createDeadline(timeout: number) {
  const controller = new AbortController()
  let timer = setTimeout(() => {
    timer = setTimeout(() => controller.abort(), timeout / 2)
  }, timeout / 2)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

/** Returns the whole text, or `undefined` if it is larger than `limit` bytes. */
async function readText(
  response: Response,
  signal: AbortSignal,
  limit: number,
): Promise<string | undefined> {
  // The answers of a polyfill, or of a test's own fetch, may have no stream.
  if (!response.body?.getReader) {
    const whole = await abortable(signal, response.text())
    return whole.length > limit ? undefined : whole
  }
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; ; ) {
    const { done, value } = await abortable(signal, reader.read())
    if (done) break
    size += value.byteLength
    if (size > limit) return void reader.cancel().catch(() => {})
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}

function parseJson(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return undefined
  }
}
