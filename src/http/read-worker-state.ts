/** Reads the state of the service worker that answers the requests of this page, if there is one. */
export function readWorkerState(): ServiceWorkerState | undefined {
  try {
    return globalThis.navigator?.serviceWorker?.controller?.state
  } catch {
    // In Chromium, merely reading this throws in a page in a sandbox.
    return undefined
  }
}
