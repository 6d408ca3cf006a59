/** How long an answer may take before the network is in doubt, in milliseconds. */
const PATIENCE = 1_000

/** A `fetch`, and whether what it sends is answered. */
export interface WatchedFetch {
  readonly fetch: () => typeof fetch
  /** Whether a request has been waiting for a second, or has failed, and none has been answered since. */
  readonly isInDoubt: () => boolean
}

/**
 * Watches whether requests are answered: the browser says that a device is online in a tunnel as well.
 *
 * @param nativeFetch returns the current `fetch`
 */
export function watchAnswers(nativeFetch: () => typeof fetch): WatchedFetch {
  let waitingSince = Infinity
  return {
    fetch:
      () =>
      async (...parameters) => {
        waitingSince = Math.min(waitingSince, Date.now())
        const response = await nativeFetch()(...parameters)
        waitingSince = Infinity
        return response
      },
    isInDoubt: () => Date.now() - waitingSince > PATIENCE,
  }
}
