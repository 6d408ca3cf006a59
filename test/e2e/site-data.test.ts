import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { requestsTo, signIn, signInAgain, stateOf, useFixture, whenStarted } from './fixture.ts'

/** A server that has browsers delete what the app stores, as many do after a sign-out. */
const fixture = useFixture({
  handle({ url }, response) {
    if (url !== '/clear') return false
    response.writeHead(204, { 'clear-site-data': '"storage"' }).end()
    return true
  },
})

const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))

test('tabs take turns at renewing also after the data of the site was deleted (R68)', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  const other = await fixture.open('/other', profile)
  await signIn(tab, fixture)
  await tab.evaluate(() => auth.signOut({ local: true }))
  await tab.evaluate(() => fetch('/clear'))
  // The page is another one from here on, and that of the other tab is still the same.
  await tab.reload()
  await whenStarted(tab)
  await signInAgain(tab)
  await expect.poll(() => stateOf(other)).toMatchObject({ status: 'signed-in' })
  fixture.tenant.clearLog()
  const tokens = await Promise.all([renew(tab), renew(other)])
  expect(tokens[0]).toEqual({ value: expect.any(String) })
  expect(tokens[1]).toEqual(tokens[0])
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(1)
})
