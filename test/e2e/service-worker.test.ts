import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { appPage, requestsTo, signIn, stateOf, useFixture } from './fixture.ts'

/** Answers every request of the page, and is active when the server has answered it. */
const worker = (version: number) => `// ${version}
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(Promise.all([clients.claim(), fetch('/activate')])))
addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))
`
let version = 1
let isHeld = false
let held: ServerResponse | undefined

const fixture = useFixture({
  handle({ url }, response) {
    if (url === '/worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(worker(version))
    } else if (url === '/activate') {
      response.statusCode = 204
      if (isHeld) held = response
      else response.end()
    } else return false
    return true
  },
})

test('while a service worker takes long to activate, the refresh token is not used up (R79)', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  fixture.pages.setPage('/', appPage({ ...fixture.options, timeout: 2_000 }))
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => navigator.serviceWorker.register('/worker.js').then(() => {}))
  await tab.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  version = 2
  isHeld = true
  await tab.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    registration.update().catch(() => {})
  })
  await tab.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activating')
  await expect.poll(() => held).toBeDefined()
  fixture.tenant.clearLog()
  const renew = () => tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
  // Chromium does not hold the request back.
  const given = { value: expect.any(String) }
  const during = await renew()
  if ('error' in during) expect(during.error).toMatchObject({ code: 'timeout', retryable: true })
  held?.end()
  await tab.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  await expect.poll(renew).toEqual(given)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength('value' in during ? 2 : 1)
})
