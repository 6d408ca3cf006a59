/**
 * The same request to be sent once more; `undefined` where its body is a stream. All that was read of
 * it would have to be kept for that.
 *
 * @see {@link https://fetch.spec.whatwg.org/#dom-request Fetch §5.4}: without CORS there is no stream
 */
export function copyRequest(request: Request): Request | undefined {
  // A body can be sent once; a clone has its very bytes.
  if (/^(GET|HEAD)$/.test(request.method)) return request
  const probe = request.clone()
  try {
    // What else could be refused without CORS is left out.
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
    probe.body?.cancel().catch(() => {})
    return undefined
  }
}
