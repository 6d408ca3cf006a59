/**
 * The same init, which says so when its body turns out to be a stream: the browser reads each member
 * once, in an order of its own, and nobody reads one beside it.
 */
export function watchStream(init: RequestInit, found: () => void): RequestInit {
  return new Proxy(init, {
    get(target, name) {
      const value = Reflect.get(target, name)
      // Of a frame it is no instance of ours.
      if (name === 'body' && Object.prototype.toString.call(value) === '[object ReadableStream]') {
        found()
      }
      return value
    },
  })
}
