/**
 * Returns a copy of a request, to send it once more; `undefined` if its body is a stream, because
 * all that was read of it would have to be kept.
 *
 * @see {@link https://fetch.spec.whatwg.org/#dom-request Fetch §5.4} on mode `no-cors` and streams
 */
export function copyRequest(request: Request): Request | undefined {
  // Without a body, the same request can be sent again.
  if (/^(GET|HEAD)$/.test(request.method)) return request
  let probe: Request | undefined
  try {
    probe = request.clone()
    // A request with mode no-cors cannot have a stream for a body, so making one throws exactly
    // then: whatever else that mode could refuse is replaced here.
    new Request(
      probe,
      Object.assign(Object.create(null), {
        mode: 'no-cors',
        method: 'POST',
        cache: 'default',
        integrity: '',
      }),
    )
    return request.clone()
  } catch {
    probe?.body?.cancel().catch(() => {})
    return undefined
  }
}
