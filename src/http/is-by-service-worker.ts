/**
 * Whether requests of this page pass through a service worker. WebKit then treats the headers of a
 * reload as set by the page, and the API may not allow them:
 * https://github.com/configcat/node-sdk/issues/5
 */
export function isByServiceWorker(): boolean {
  try {
    return !!globalThis.navigator?.serviceWorker?.controller
  } catch {
    // In Chromium, merely reading this throws in a page in a sandbox.
    return false
  }
}
