import { readWorkerState } from './read-worker-state.js'

/**
 * How long an answer may take before the network is in doubt, in milliseconds. Doubt costs one small
 * request at the next renewal, and a renewal in a tunnel without it may cost the session.
 */
const PATIENCE = 300

/** The current `fetch` for the calls of the app and for requests to the provider, and what they tell. */
export interface WatchedFetch {
  readonly fetch: () => typeof fetch
  /** Its answers are heard as well; that it has none is for who sends it to judge. */
  readonly providerFetch: () => typeof fetch
  /**
   * Whether a call of the app is not answered for some time, or has failed, and nothing has been answered
   * since; or whether a request would wait for a service worker: Firefox 153 sends it when that is active,
   * even if it was aborted meanwhile.
   *
   * @param doubtedAt when another tab has asked in vain, in milliseconds since the epoch
   */
  readonly isInDoubt: (doubtedAt: number) => boolean
}

/**
 * Watches whether requests are answered: the browser says that a device is online in a tunnel as well.
 *
 * @param nativeFetch returns the current `fetch`
 */
export function watchAnswers(nativeFetch: () => typeof fetch): WatchedFetch {
  let waitingSince = Infinity
  let answeredAt = 0
  const watch =
    (isCall: boolean) =>
    (): typeof fetch =>
    async (...parameters) => {
      if (isCall) waitingSince = Math.min(waitingSince, Date.now())
      const response = await nativeFetch()(...parameters)
      waitingSince = Infinity
      answeredAt = Date.now()
      return response
    }
  return {
    fetch: watch(true),
    providerFetch: watch(false),
    isInDoubt: (doubtedAt) =>
      doubtedAt > answeredAt ||
      Date.now() - waitingSince > PATIENCE ||
      readWorkerState() === 'activating',
  }
}
