import { MARKER } from './provider/keys.ts'

/** What a careless library does in a page, and how the harness has to complain. */
export const LEAKS: readonly (readonly [script: string, complaint: RegExp])[] = [
  [`console.log('${MARKER}')`, /^secret in console\.log/],
  [`console.log('hello')`, /^console\.log: hello/],
  [`void Promise.reject(new Error('${MARKER}'))`, /^secret in page error/],
  [`void setTimeout(() => { throw new Error('thrown') })`, /^unhandled: Error: thrown/],
  [`localStorage.setItem('tessera-auth x', '${MARKER}')`, /^secret in localStorage/],
  [`sessionStorage.setItem('tessera-auth y', btoa('a${MARKER}'))`, /^secret in sessionStorage/],
  [`localStorage.setItem('other', 'x')`, /^stored under other/],
  [`document.cookie = 'tessera-auth-x=${MARKER}; path=/'`, /^secret in cookies/],
  [`window.name = '${MARKER}'`, /^secret in window\.name/],
  [`document.body.dataset.x = btoa('ab${MARKER}')`, /^secret in document/],
  [`history.replaceState({ x: '${MARKER}' }, '')`, /^secret in history\.state/],
  [`history.replaceState(history.state, '', '#${MARKER}')`, /^secret in address/],
  [`history.pushState(history.state, '', '/idle')`, /^secret in the history/],
  [`new BroadcastChannel('x').postMessage({ y: '${MARKER}' })`, /^secret in messages/],
  [`0`, /^left after close\(\): channel x/],
  [`performance.mark('${MARKER}')`, /^secret in marks/],
  [`fetch(setup.options.issuer + '/jwks?x=' + btoa('${MARKER}')).catch(() => {})`, /a query$/],
  [`0`, /^secret in address of a request/],
  [`caches.open('${MARKER}')`, /^secret in caches/],
  [
    `new Promise((resolve) => { const asked = indexedDB.open('tessera-auth-z')
      asked.onupgradeneeded = () => asked.result.createObjectStore('x').put(
        { y: new TextEncoder().encode('${MARKER}') }, 'k')
      asked.onsuccess = () => { asked.result.close(); resolve() } })`,
    /^secret in IndexedDB/,
  ],
  [`Array.prototype.leak = 1`, /^a prototype was changed/],
  [`setInterval(() => {}, 9e5)`, /^left after close\(\): interval/],
  [`setTimeout(() => {}, 9e5)`, /^left after close\(\): timer/],
  [`addEventListener('online', () => {})`, /^left after close\(\): listener for online/],
  [`void navigator.locks.request('held', () => new Promise(() => {}))`, /lock held/],
  [`document.body.append(document.createElement('iframe'))`, /^a frame is left/],
  [`app.auth = { x: () => new Promise(() => {}) }; void app.call('x')`, /x\(\) is still pending/],
]
