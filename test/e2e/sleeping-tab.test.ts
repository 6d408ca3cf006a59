import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { type Road, startRoad } from '../soak/start-road.ts'
import { signal, tabProcesses } from '../soak/stop-tabs.ts'
import { appPage, signIn, signInAgain, useFixture } from './fixture.ts'

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

const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))

test('an answer that came while the tab slept longer than its deadline is read', async () => {
  usePage({ timeout: 1_500 })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const processes = tabProcesses()
  road.reset({
    at: (place) => place === 'after the provider' && signal(processes, 'SIGSTOP'),
  })
  try {
    const renewal = renew(tab)
    await expect.poll(() => road.renewals()[0]?.answeredAt, { timeout: 10_000 }).toBeTruthy()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    signal(processes, 'SIGCONT')
    expect(await renewal).toEqual({ value: road.renewals()[0]?.accessToken })
  } finally {
    signal(processes, 'SIGCONT')
  }
  await signInAgain(tab)
})
