import { AuthError } from '../errors.js'

/** The message of a callback page: the query of its address, and nothing else. */
export interface HandedOver {
  readonly version: 1
  readonly type: 'callback'
  readonly query: string
}

/** The reply of the page that waits for that message. */
export const TAKEN = 'tessera-auth:1:taken'

/** The name of the frame of `silentFrame()`: a page in that frame completes no sign-in itself. */
export const HIDDEN_FRAME = 'tessera-auth silent'

/**
 * Returns the name of the channel between a waiting page and the callback page. Nobody else can
 * know it, because it contains the state.
 */
export function callbackName(state: string): string {
  return `tessera-auth callback ${state}`
}

/**
 * Waits for a callback page of this origin to hand over the authorization response for a state.
 * Other messages are ignored. A channel and not `postMessage`, because a provider may cut the link
 * between this page and the window that it opened (Cross-Origin-Opener-Policy).
 *
 * A lock of the same name shows that a page is waiting. The browser releases it when the page goes.
 *
 * @param signal ends the wait; the promise then rejects with its reason
 * @throws {AuthError} `storage_unavailable` if the browser blocks channels with its storage
 */
export function waitForCallback(state: string, signal: AbortSignal): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const name = callbackName(state)
    const channel = openChannel(name)
    const waiting = new Promise<void>((end) => {
      const abort = () => {
        channel.close()
        end()
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      channel.onmessage = ({ data }: MessageEvent<Partial<HandedOver> | null>) => {
        if (data?.version !== 1 || data.type !== 'callback') return
        const parameters = new URLSearchParams(String(data.query))
        if (parameters.get('state') !== state) return
        signal.removeEventListener('abort', abort)
        channel.postMessage(TAKEN)
        channel.close()
        end()
        resolve(parameters)
      }
    })
    // Without the lock, the callback page waits a little before it decides that no page is waiting.
    navigator.locks?.request(name, () => waiting).catch(() => {})
  })
}

function openChannel(name: string): BroadcastChannel {
  try {
    return new BroadcastChannel(name)
  } catch {
    const message = 'The browser lets no window hand its callback over.'
    throw new AuthError('storage_unavailable', message)
  }
}
