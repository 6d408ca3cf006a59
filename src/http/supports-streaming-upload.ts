/**
 * Whether this browser can stream a request body. Firefox 153 cannot, and sends the text
 * "[object ReadableStream]" instead.
 *
 * @see {@link https://developer.chrome.com/docs/capabilities/web-apis/fetch-streaming-requests Feature detection}
 */
export function supportsStreamingUpload(): boolean {
  let asked = false
  const { headers } = new Request('https://example.invalid', {
    // Members of Object.prototype would count as well.
    __proto__: null,
    method: 'POST',
    body: new ReadableStream(Object.create(null)),
    get duplex() {
      asked = true
      return 'half'
    },
  } as RequestInit)
  return asked && !headers.has('content-type')
}
