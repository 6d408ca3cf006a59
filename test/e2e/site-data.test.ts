import { expect, test } from 'vitest'
import { requestsTo, signIn, signInAgain, useFixture, whenStarted } from './fixture.ts'

/** A server that has browsers delete what the app stores, as many do after a sign-out. */
const fixture = useFixture({
  handle({ url }, response) {
    if (url !== '/clear') return false
    response.writeHead(204, { 'clear-site-data': '"storage"' }).end()
    return true
  },
})

test('tabs take turns at renewing also after the data of the site was deleted (R68)', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed', tokenLifetime: 3 })
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
  for (const each of [tab, other]) {
    await each.waitForFunction(() => {
      const { state } = auth
      return state.status === 'signed-in' && Date.now() > (state.expiresAt ?? 0)
    })
  }
  fixture.tenant.set({ tokenLifetime: 600, latency: 200 })
  fixture.tenant.clearLog()
  const [one, two] = await Promise.all(
    [tab, other].map((each) => each.evaluate(() => outcomeOf(auth.getAccessToken()))),
  )
  expect(one).toEqual({ value: expect.any(String) })
  expect(two).toEqual(one)
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(1)
})
