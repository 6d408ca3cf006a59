import { expect, test } from 'vitest'
import { appPage, signIn, stateOf, useFixture } from './fixture.ts'

const fixture = useFixture()

declare global {
  /** What the router was asked to show. */
  var routes: string[]
}

/** Looks at the fragment, as hash routers do, once the client has started. */
const ROUTER = `globalThis.routes = []
const show = () => routes.push(location.hash)
addEventListener('hashchange', show)
show()`

test.for(['/', '/callback'])(
  'a hash router is back at its view, with %s as the redirect URI',
  async (redirectUri) => {
    fixture.tenant.registerRedirectUris(`${fixture.origin}/`)
    fixture.pages.setPage('/', appPage({ ...fixture.options, redirectUri }, ROUTER))
    const tab = await fixture.open('/#/invoices/7?sort=date')
    await signIn(tab, fixture, { returnTo: '/#/invoices/7?sort=date' })
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
    expect(tab.url()).toBe(`${fixture.origin}/#/invoices/7?sort=date`)
    await tab.waitForFunction(() => globalThis.routes)
    expect(await tab.evaluate(() => routes)).toEqual(['#/invoices/7?sort=date'])
    await tab.evaluate(() => {
      location.hash = '#/invoices/8'
    })
    await tab.waitForFunction(() => routes.length === 2)
    await tab.reload()
    await tab.waitForFunction(() => globalThis.routes)
    expect(await tab.evaluate(() => routes)).toEqual(['#/invoices/8'])
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  },
)

test('a hash router that guards a view does not go in circles', async () => {
  const guard = `${ROUTER}
if (location.hash === '#/guarded') {
  globalThis.isLeaving = auth.state.status !== 'signed-in'
  await auth.requireSession({ returnTo: location.href })
  globalThis.guarded = true
}`
  fixture.tenant.registerRedirectUris(`${fixture.origin}/`)
  fixture.pages.setPage('/', appPage({ ...fixture.options, redirectUri: '/' }, guard))
  const profile = await fixture.newProfile()
  const first = await fixture.open('/', profile)
  await signIn(first, fixture)
  await first.evaluate(() => auth.signOut({ local: true }))
  // The tenant still knows the user: she comes straight back.
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/#/guarded`)
  await tab.waitForFunction(() => (globalThis as { guarded?: boolean }).guarded)
  expect(tab.url()).toBe(`${fixture.origin}/#/guarded`)
  expect(await tab.evaluate(() => routes)).toEqual(['#/guarded'])
})

test('a redirect URI with a fragment is refused in words', async () => {
  const tab = await fixture.open()
  expect(
    await tab.evaluate(() => outcomeOf(() => createClient({ redirectUri: '/#/callback' }))),
  ).toMatchObject({
    error: {
      code: 'config',
      message:
        'createAuth: "redirectUri" has to be a path such as "/callback", or a registered https: URL without user info and fragment, and with no parameter of an answer, such as code.',
    },
  })
})
