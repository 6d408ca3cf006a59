/**
 * Returns the same init, which calls `found` when the browser reads a body that is a stream. A
 * proxy, so that each member is read once, by the browser, in its own order.
 */
export function watchStream(init: RequestInit, found: () => void): RequestInit {
  return new Proxy(init, {
    get(target, name) {
      const value = Reflect.get(target, name)
      // A stream from another frame is not an instance of this page's ReadableStream.
      if (name === 'body' && Object.prototype.toString.call(value) === '[object ReadableStream]') {
        found()
      }
      return value
    },
  })
}
