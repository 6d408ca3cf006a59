/** Those who want to hear of each new value. */
export interface Listeners<Value> {
  /** Tells a listener the value of now and each one to come, until the returned function is called. */
  readonly add: (listener: (value: Value) => void, now: Value) => () => void
  /** Tells all of them, for as long as the value is news. */
  readonly tell: (value: Value, isNews: () => boolean) => void
  readonly clear: () => void
}

export function createListeners<Value>(): Listeners<Value> {
  // Each with a key of its own: the same function may be given twice.
  const listeners = new Map<object, (value: Value) => void>()
  return {
    add(listener, now) {
      const key = {}
      listeners.set(key, listener)
      notify(listener, now)
      return () => void listeners.delete(key)
    },
    tell(value, isNews) {
      for (const [key, listener] of [...listeners]) {
        // What one did may have led on, or ended the listening of another.
        if (isNews() && listeners.has(key)) notify(listener, value)
      }
    },
    clear: () => listeners.clear(),
  }
}

// An error in an app's listener is the app's: it is reported and keeps nobody else from hearing.
function notify<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    // Node has no such function, and its test environments have none either.
    if ('reportError' in globalThis) reportError(error)
    else {
      setTimeout(() => {
        throw error
      })
    }
  }
}
