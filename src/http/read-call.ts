import { AuthError } from '../errors.js'
import { copyRequest } from './copy-request.js'
import { type ListedResource, matchResource } from './match-resource.js'
import { supportsStreamingUpload } from './supports-streaming-upload.js'
import { watchStream } from './watch-stream.js'

/** A call that is about to be made, and what sending it again would take. */
export interface Call {
  readonly listed: ListedResource
  readonly request: Request
  /** Whether it is to outlive the page. */
  readonly keepalive: boolean
  /** The same request once more; `undefined` where its body can be sent only once. */
  readonly copy: Request | undefined
}

/**
 * Reads what a caller of `fetch` gave, as often as the browser does and at once.
 *
 * @param base what the browser takes relative URLs to be relative to
 * @throws {AuthError} `origin_not_allowed`, `config`
 */
export function readCall(
  resources: readonly ListedResource[],
  base: () => string,
  parameters: Parameters<typeof fetch>,
): Call {
  const [input, init] = parameters
  let streamed = false
  // Anything else is no init, as the browser will say.
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
  // A Request that is refused keeps its body.
  const known = urlOfRequest(input)
  if (known !== undefined) matchResource(resources, known)
  else if (parameters.length > 0) parameters[0] = `${input}`
  let request: Request
  try {
    request = new Request(...parameters)
  } catch (error) {
    if (known !== undefined) throw error
    const address = `${parameters[0]}`
    try {
      // It is the init that is refused then, or what it has to do with the address.
      new Request(address)
    } catch {
      // Of an address that is refused, such as one with user info, there is no request.
      matchResource(resources, address, base())
    }
    throw error
  }
  // What counts is where it will go: not what `input` says when asked once more, nor a guess at what
  // the page's base makes of it.
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
  // Firefox 153 makes a Request of another one without it.
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
 * The address of a Request, also of one of another frame, as the browser knows it, whatever a subclass
 * says; `undefined` for anything else.
 */
function urlOfRequest(input: unknown): string | undefined {
  if (Object(input) !== input || input instanceof URL) return undefined
  try {
    return Reflect.get(Request.prototype, 'url', input as object)
  } catch {
    return undefined
  }
}
