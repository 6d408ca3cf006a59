import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Road, startRoad } from '../soak/start-road.ts'
import { signal, tabProcesses } from '../soak/stop-tabs.ts'
import { appPage, type Outcome, signIn, signInAgain, useFixture } from './fixture.ts'

declare global {
  var renewal: Promise<Outcome>
}

const fixture = useFixture()
let road: Road

beforeAll(async () => {
  const { token_endpoint: token } = fixture.tenant.apps.taxefile.metadata
  road = await startRoad({ token, revocation: token.replace('/Token/', '/Revoke/') })
})
beforeEach(() => {
  fixture.tenant.set({ refresh: 'allowed', revokeWithoutSecret: 'allowed' })
  road.reset()
})
afterAll(() => road?.close())

function usePage(more: object): void {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = { ...metadata, token_endpoint: road.tokenEndpoint }
  fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata: own, ...more }))
}

test('an answer that came while the tab slept longer than its deadline is read', async () => {
  usePage({ timeout: 5_000 })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const processes = tabProcesses()
  road.reset({
    at: (place) => place === 'after the provider' && signal(processes, 'SIGSTOP'),
  })
  try {
    // Not waited for: no driver talks to a page that sleeps.
    await tab.evaluate(() => {
      globalThis.renewal = outcomeOf(auth.getAccessToken({ forceRenewal: true }))
    })
    await expect.poll(() => road.renewals()[0]?.answeredAt).toBeTruthy()
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    signal(processes, 'SIGCONT')
    expect(await tab.evaluate(() => globalThis.renewal)).toEqual({
      value: road.renewals()[0]?.accessToken,
    })
  } finally {
    signal(processes, 'SIGCONT')
  }
  await signInAgain(tab)
})
