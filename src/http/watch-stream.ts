/**
 * Returns the same init, which calls `found` when the browser reads a body that is a stream. A
 * proxy, so that each member is read once, by the browser, in its own order.
 */
export function watchStream(init: RequestInit, found: () => void): RequestInit {
  return new Proxy(init, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name === 'body' && isStream(value)) found()
      return value
    },
  })
}

/** Whether it is a stream, also one from another frame, and whatever it says of itself. */
function isStream(value: unknown): boolean {
  try {
    Reflect.get(ReadableStream.prototype, 'locked', value as object)
    return true
  } catch {
    return false
  }
}
