import { expect, test } from 'vitest'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import { signInByRedirect, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

test.for([
  ['allowed', 'renewed', undefined],
  ['blocked', 'interaction_required', 'login_required'],
] as const)(
  'silentFrame() and a provider on another site, third-party cookies %s: %s',
  async ([cookies, outcome, why]) => {
    const stored = await createPersistentProfile()
    fixture.atEnd(stored.remove)
    const profile = await stored.start(cookies)
    fixture.atEnd(profile.close)
    const app = await fixture.open({
      imports: "import { silentFrame } from 'tessera-auth/silent'",
      options: 'capabilities: [silentFrame()],',
      host: 'app.localhost',
      profile,
      provider: { refreshTokens: false, host: 'idp.localhost', sameSite: 'none' },
    })
    await signInByRedirect(app)
    expect(
      await app.tab.evaluate(
        `auth.getAccessToken({ forceRenewal: true }).then(() => 'renewed', (e) => e.code)`,
      ),
    ).toBe(outcome)
    expect(await statusOf(app.tab)).toBe('signed-in')
    expect(await app.tab.evaluate('auth.state.error?.providerError')).toBe(why)
    expect(await app.tab.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
  },
)
