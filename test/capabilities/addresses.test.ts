import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInByRedirect, useProviderApp } from './use-provider-app.ts'

/* Which addresses of a sign-in the page of the app can still read when it is over. */

const fixture = useProviderApp()

/** The addresses in the timeline of a page that tell something of a sign-in. */
async function recorded(tab: Page): Promise<string[]> {
  const names = (await tab.evaluate('performance.getEntries().map(({ name }) => name)')) as string[]
  return names.filter((name) => /[?&#](code|state|id_token_hint)=/.test(name))
}

test('after the callback page the timeline of the app has no code (R29)', async () => {
  const app = await fixture.open()
  await app.context.addInitScript(() => {
    const [{ name }] = performance.getEntriesByType('navigation') as [PerformanceEntry]
    if (location.pathname === '/callback') sessionStorage.setItem('landed', name)
  })
  await signInByRedirect(app)
  // That of the callback page has it for good.
  expect(await app.tab.evaluate('sessionStorage.getItem("landed")')).toMatch(/[?&]code=/)
  expect(await app.tab.evaluate('performance.getEntriesByType("navigation")[0].name')).toBe(
    `${app.origin}/back`,
  )
  expect(await recorded(app.tab)).toEqual([])
})

test('popup() leaves no address of a sign-in in the timeline of the page', async () => {
  const { tab } = await fixture.open({
    imports: "import { popup } from 'tessera-auth/popup'\nwindow.popup = popup",
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await recorded(tab)).toEqual([])
})

test('silentFrame() leaves no address of its renewal in the timeline of the page', async () => {
  const app = await fixture.open({
    imports: "import { silentFrame } from 'tessera-auth/silent'",
    options: 'capabilities: [silentFrame({ idTokenHint: true })],',
    provider: { refreshTokens: false },
  })
  await signInByRedirect(app)
  await app.tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
  const asked = app.provider.requests('/auth').at(-1)?.query
  expect(asked).toMatchObject({ prompt: 'none', id_token_hint: expect.stringMatching(/^ey/) })
  expect(await recorded(app.tab)).toEqual([])
})
