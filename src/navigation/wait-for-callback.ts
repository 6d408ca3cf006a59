/** What a callback page hands over: the query of its address, and nothing else. */
export interface HandedOver {
  readonly version: 1
  readonly type: 'callback'
  readonly query: string
}

/** The answer of the page that waits for it. */
export const TAKEN = 'tessera-auth:1:taken'

/** The channel between a page that waits and the callback page; nobody else can know its name. */
export function callbackChannel(state: string): BroadcastChannel {
  return new BroadcastChannel(`tessera-auth callback ${state}`)
}

/**
 * Waits for a callback page of this origin to hand over the authorization response for a state. What
 * does not fit is ignored. A channel and no `postMessage`, because a provider may cut the tie to the
 * window that was opened (Cross-Origin-Opener-Policy).
 *
 * @param signal ends the waiting; the promise then rejects with its reason
 */
export function waitForCallback(state: string, signal: AbortSignal): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const channel = callbackChannel(state)
    const abort = () => {
      channel.close()
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    channel.onmessage = ({ data }: MessageEvent<Partial<HandedOver> | null>) => {
      if (data?.version !== 1 || data.type !== 'callback' || typeof data.query !== 'string') return
      const parameters = new URLSearchParams(data.query)
      if (parameters.get('state') !== state) return
      signal.removeEventListener('abort', abort)
      channel.postMessage(TAKEN)
      channel.close()
      resolve(parameters)
    }
  })
}
