import { AuthError } from '../errors.js'

/** What a {@link Transport} is made of. */
export interface TransportPorts {
  /** The current native `fetch`. */
  readonly fetch: () => typeof fetch
  readonly now: () => number
  /** Runs `task` after `delay` milliseconds; returns the function that cancels it. */
  readonly schedule: (delay: number, task: () => void) => () => void
  /** Deadline of a request, headers and body, in milliseconds. */
  readonly timeout: number
}

interface BoundedRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams | string | null
  readonly limit?: number
  readonly tooLarge: AuthError['code']
}

interface BoundedAnswer {
  readonly status: number
  readonly receivedAt: number
  readonly json: unknown
  readonly header: (name: string) => string | null
}

const ONE_MEBIBYTE = 2 ** 20

/**
 * Makes the function that sends requests to the provider: one deadline over headers and body, a cap
 * on the body, no credentials, no cache, no referrer, and no redirect followed.
 */
export function createTransport(
  ports: TransportPorts,
): (url: string, request: BoundedRequest) => Promise<BoundedAnswer> {
  return async (url, request) => {
    const controller = new AbortController()
    let timedOut = false
    const cancel = ports.schedule(ports.timeout, () => {
      timedOut = true
      controller.abort()
    })
    try {
      const fetch = ports.fetch()
      const response = await fetch(url, requestInit(request, controller.signal))
      const receivedAt = ports.now()
      const text = await readBody(response, request.limit ?? ONE_MEBIBYTE, request.tooLarge)
      const { status, headers } = response
      return { status, receivedAt, json: parseJson(text), header: (name) => headers.get(name) }
    } catch (error) {
      controller.abort()
      if (error instanceof AuthError) throw error
      throw failure(url, timedOut, ports.timeout)
    } finally {
      cancel()
    }
  }
}

// All members are its own and there is no prototype: a polluted Object.prototype would otherwise
// add to the request (fetch reads its init by plain property access).
function requestInit(request: BoundedRequest, signal: AbortSignal): RequestInit {
  return Object.assign(Object.create(null), {
    method: request.method ?? 'GET',
    headers: { accept: 'application/json', ...request.headers },
    body: request.body ?? null,
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
}

async function readBody(
  response: Response,
  limit: number,
  tooLarge: AuthError['code'],
): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > limit) {
      throw new AuthError(tooLarge, `The provider's answer is larger than ${limit} bytes.`)
    }
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function failure(url: string, timedOut: boolean, timeout: number): AuthError {
  const { origin, pathname } = new URL(url)
  const place = origin + pathname
  return timedOut
    ? new AuthError('timeout', `${place} did not answer within ${timeout} ms.`, { retryable: true })
    : new AuthError('network', `${place} could not be reached.`, {
        hint: 'Either the network is down, or the provider does not allow this origin (CORS).',
        retryable: true,
      })
}
