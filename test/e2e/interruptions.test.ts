import { expect, test } from 'vitest'
import { requestsTo, stateOf, useFixture } from './fixture.ts'

const fixture = useFixture()

test('a browser that keeps nothing refuses a redirect before the page leaves', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    })
  })
  const tab = await fixture.open('/', profile)
  const expected = {
    code: 'storage_unavailable',
    message: 'The browser keeps no data for this page.',
  }
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({ error: expected })
  expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: expected,
    warning: expected,
  })
})

test('a user who comes back from the provider finds the page as it was, and may sign in', async () => {
  const tab = await fixture.open('/')
  // The provider takes its time, so the page is still here when it is shown again.
  fixture.tenant.setLatency(2_000)
  const outcome = await tab.evaluate(() => {
    const leaving = outcomeOf(auth.signIn())
    const interval = setInterval(() => {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    }, 50)
    return leaving.finally(() => clearInterval(interval))
  })
  fixture.tenant.setLatency(0)
  expect(outcome).toMatchObject({
    error: {
      code: 'sign_in_interrupted',
      message: 'The sign-in was left before it was complete.',
      retryable: true,
    },
  })
})
