import { expect, test } from 'vitest'
import { clickPopup, gone, imports, onClick } from './popup-window.ts'
import { signInByRedirect, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

test('popup() closes its window where somebody is signed in already (R171)', async () => {
  const app = await fixture.open({ imports })
  const { tab, provider } = app
  await signInByRedirect(app)
  await tab.evaluate(onClick('auth.requireSession({ via: popup() })'))
  const window = await clickPopup(tab)
  await gone(window)
  expect(await tab.evaluate('done')).toBe('ok')
  expect(provider.requests('/auth')).toHaveLength(1)
})

test('popup() closes its window where the client was closed (R171)', async () => {
  const { tab } = await fixture.open({ imports })
  await tab.evaluate('auth.close()')
  for (const name of ['signIn', 'requireSession']) {
    await tab.evaluate(onClick(`auth.${name}({ via: popup() })`))
    const window = await clickPopup(tab)
    await gone(window)
    expect(await tab.evaluate('done')).toBe('closed: This client was closed.')
  }
})

test.for([
  ['the request is refused', '(prepared) => via(prepared)', 'config: signIn: "maxAge" '],
  [
    'what prepares it fails',
    "() => via(Promise.reject(new TypeError('no way')))",
    'undefined: no way',
  ],
  ['its address is none', "() => via(Promise.resolve({ url: 'https://[', state: 'x' }))", ''],
] as const)('popup() closes its window where %s', async ([, via, outcome]) => {
  const { tab, provider } = await fixture.open({ imports })
  const more = outcome.startsWith('config') ? ', maxAge: -1' : ''
  await tab.evaluate(
    onClick(`((via) => auth.signIn({ via: ${via}${more} }))(popup({ timeout: 60_000 }))`),
  )
  const window = await clickPopup(tab)
  await gone(window)
  expect(await tab.evaluate('done')).toContain(outcome)
  expect(provider.requests('/auth')).toEqual([])
})

test('popup() leaves no window behind where the page leaves for a sign-out meanwhile', async () => {
  const app = await fixture.open({ imports })
  const { tab, provider } = app
  await signInByRedirect(app)
  // The page leaves once its window is there: one that is still being opened, as on a slow machine,
  // Firefox 153 may not close for a page that is on its way out.
  await tab.evaluate(`{
    const { fetch } = window
    const opened = new Promise((resolve) => { window.goOn = resolve })
    window.fetch = async (...request) => (await opened, fetch(...request))
  }`)
  await tab.evaluate(onClick('(auth.signOut(), auth.signIn({ via: popup() }))'))
  const window = await clickPopup(tab)
  await tab.evaluate('goOn()')
  await gone(window)
  await tab.waitForURL(`${provider.issuer}/session/end?**`)
  expect(provider.requests('/auth')).toHaveLength(1)
})
