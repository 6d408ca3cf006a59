import { AuthError } from '../errors.js'

/** What a callback page hands over: the query of its address, and nothing else. */
export interface HandedOver {
  readonly version: 1
  readonly type: 'callback'
  readonly query: string
}

/** The answer of the page that waits for it. */
export const TAKEN = 'tessera-auth:1:taken'

/** The name of the hidden frame of `silentFrame()`: a page in it completes no sign-in itself. */
export const HIDDEN_FRAME = 'tessera-auth silent'

/** Names the channel between a page that waits and the callback page; nobody else can know it. */
export function callbackName(state: string): string {
  return `tessera-auth callback ${state}`
}

/**
 * Waits for a callback page of this origin to hand over the authorization response for a state. What
 * does not fit is ignored. A channel and no `postMessage`, because a provider may cut the tie to the
 * window that was opened (Cross-Origin-Opener-Policy).
 *
 * A lock of the same name says for as long that somebody waits: it ends with the page.
 *
 * @param signal ends the waiting; the promise then rejects with its reason
 * @throws {AuthError} `storage_unavailable` where the browser blocks channels with its storage
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
    // Without the lock the callback page waits a little before it decides that nobody is here.
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
