/** Functions that are called with each new value. */
export interface Listeners<Value> {
  /** Calls a listener with the current value and each later one, until the returned function is called. */
  readonly add: (listener: (value: Value) => void, now: Value) => () => void
  /** Calls all of them, as long as `isNews` says so. */
  readonly tell: (value: Value, isNews: () => boolean) => void
  readonly clear: () => void
}

export function createListeners<Value>(): Listeners<Value> {
  // Each wrapped anew: the same function may be added twice.
  const listeners = new Set<(value: Value) => void>()
  return {
    add(listener, now) {
      const own = (value: Value) => notify(listener, value)
      listeners.add(own)
      own(now)
      return () => void listeners.delete(own)
    },
    tell(value, isNews) {
      for (const each of [...listeners]) {
        // A listener may have caused the next value, or removed another listener.
        if (isNews() && listeners.has(each)) each(value)
      }
    },
    clear: () => listeners.clear(),
  }
}

// An error in an app's listener is the app's own: it is reported, and the other listeners are called.
function notify<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    // Node has no such function, nor have its test environments.
    if ('reportError' in globalThis) reportError(error)
    else {
      setTimeout(() => {
        throw error
      })
    }
  }
}
