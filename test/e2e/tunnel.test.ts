import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { appPage, requestsTo, signIn, stateOf, useFixture } from './fixture.ts'
import { startTunnel, type Tunnel } from './start-tunnel.ts'

const fixture = useFixture()
let tunnel: Tunnel

beforeEach(async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  fixture.tenant.set({ refresh: 'allowed' })
  tunnel = await startTunnel(issuer)
  const through = (url: string) => tunnel.origin + new URL(url, issuer).pathname
  const { token_endpoint: token, jwks_uri: keys } = metadata
  const options = {
    ...fixture.options,
    metadata: { ...metadata, token_endpoint: through(token), jwks_uri: through(keys) },
    resources: [{ url: through('/api/') }],
    timeout: 1_000,
  }
  fixture.pages.setPage('/', appPage(options))
})
afterEach(() => tunnel?.close())

const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
/** A call of the app that is not answered in time. */
const callInVain = (tab: Page) =>
  tab.evaluate((url) => {
    return outcomeOf(auth.fetch(url, { signal: AbortSignal.timeout(500) }))
  }, `${tunnel.origin}/api/accounts`)

test('in a tunnel nobody is signed out, and the refresh token is used once (R71, R79)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  // Over a connection that stays open, and is the one that the next request takes.
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  fixture.tenant.clearLog()
  tunnel.enter()
  expect(await callInVain(tab)).toMatchObject({ error: { name: 'TimeoutError' } })
  expect(await renew(tab)).toMatchObject({ error: { code: 'timeout', retryable: true } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  tunnel.leave()
  await expect.poll(() => renew(tab)).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(1)
})
