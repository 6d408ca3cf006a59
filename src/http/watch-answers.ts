/**
 * How long an answer may take before the network is in doubt, in milliseconds. Doubt costs one small
 * request at the next renewal, and a renewal in a tunnel without it may cost the session.
 */
const PATIENCE = 300

/** A `fetch`, and whether what it sends is answered. */
export interface WatchedFetch {
  readonly fetch: () => typeof fetch
  /** Whether a request is not answered for some time, or has failed, and none has been answered since. */
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
