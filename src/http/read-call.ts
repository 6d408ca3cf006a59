import { AuthError } from '../errors.js'
import { copyRequest } from './copy-request.js'
import { type ListedResource, matchResource } from './match-resource.js'
import { supportsStreamingUpload } from './supports-streaming-upload.js'
import { watchStream } from './watch-stream.js'

/** A call that is about to be made, and a copy to send it again. */
export interface Call {
  readonly listed: ListedResource
  readonly request: Request
  /** Whether the request may outlive the page. */
  readonly keepalive: boolean
  /** A copy of the request; `undefined` if it can be sent only once. */
  readonly copy: Request | undefined
}

/**
 * Reads the arguments of a call to `fetch`: at once, and each as often as the browser would.
 *
 * @param base returns the base that the browser resolves relative URLs against
 * @throws {AuthError} `origin_not_allowed`, `config`
 */
export function readCall(
  resources: readonly ListedResource[],
  base: () => string,
  parameters: Parameters<typeof fetch>,
): Call {
  const [input, init] = parameters
  let streamed = false
  // Any other value is left to the browser, which ignores or refuses it.
  if (init && Object(init) === init) {
    parameters[1] = watchStream(init, () => {
      streamed = true
      if (supportsStreamingUpload()) return
      throw new AuthError(
        'config',
        'fetch: this browser cannot stream a request body; send a Blob.',
      )
    })
  }
  // Matched before the Request is used, so that one that is refused keeps its body. WebKit forgets
  // the address of a Request whose frame is gone, and knows it again of the one that is made of it.
  const known = urlOfRequest(input)
  if (known) matchResource(resources, known)
  else if (known === undefined && parameters.length > 0) parameters[0] = `${input}`
  let request: Request
  try {
    request = new Request(...parameters)
  } catch (error) {
    if (known !== undefined) throw error
    const address = `${parameters[0]}`
    try {
      // If this works, the browser refused the init, or the init together with the address.
      new Request(address)
    } catch {
      // The browser refused the address itself, for example for its user info.
      matchResource(resources, address, base())
    }
    throw error
  }
  // The URL of the request counts, because that is where it goes: `input` could give another when
  // it is read once more, and resolving it here would be a guess.
  const listed = matchResource(resources, request.url)
  if (request.mode === 'no-cors') {
    throw new AuthError('config', 'fetch: mode "no-cors" drops the access token; leave it out.')
  }
  for (const name of ['authorization', 'dpop']) {
    if (request.headers.has(name)) {
      throw new AuthError(
        'config',
        `fetch: the header "${name}" is set by auth.fetch; leave it out.`,
      )
    }
  }
  // Firefox 153 drops `keepalive` when it makes a Request from another one.
  const isKept = known !== undefined && !('keepalive' in Object(init))
  const keepalive =
    request.keepalive || (isKept && Reflect.get(Request.prototype, 'keepalive', input))
  return {
    listed,
    request,
    keepalive,
    copy: streamed || keepalive ? undefined : copyRequest(request),
  }
}

/**
 * Returns the URL of a Request, also of one from another frame, as the browser knows it and
 * whatever a subclass says; `undefined` for anything else.
 */
function urlOfRequest(input: unknown): string | undefined {
  if (Object(input) !== input || input instanceof URL) return undefined
  try {
    return Reflect.get(Request.prototype, 'url', input as object)
  } catch {
    return undefined
  }
}
