import { expect, test } from 'vitest'
import { signInByRedirect, started, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

test('postedAuthorization() sends the request as a form, however long it is', async () => {
  const app = await fixture.open({
    imports: "import { postedAuthorization } from 'tessera-auth/post'",
    provider: { takesPosts: true },
    options: `capabilities: [postedAuthorization()],
      metadata: { ...metadata, authorization_endpoint: metadata.authorization_endpoint + '?own=1' },`,
  })
  const long = 'x'.repeat(40_000)
  await app.tab.evaluate(
    `void auth.signIn({ returnTo: '/back', parameters: { long: '${long}', odd: 'ä &=+', submit: '1', remove: '2', append: '3' } })`,
  )
  await app.tab.waitForURL(`${app.origin}/back`)
  await started(app.tab)
  expect(await statusOf(app.tab)).toBe('signed-in')
  const [asked] = app.provider.requests('/auth')
  expect(asked?.method).toBe('POST')
  expect(asked?.query).toEqual({ own: '1' })
  expect(asked?.body).toMatchObject({
    code_challenge_method: 'S256',
    long,
    odd: 'ä &=+',
    submit: '1',
    remove: '2',
    append: '3',
  })
})

test('postedAuthorization() sends the form of a page that has no body', async () => {
  const app = await fixture.open({
    imports: "import { postedAuthorization } from 'tessera-auth/post'",
    provider: { takesPosts: true },
    options: 'capabilities: [postedAuthorization()],',
  })
  await app.tab.evaluate('document.body.remove()')
  await app.tab.evaluate(
    `void auth.signIn({ returnTo: '/back' }).catch((error) => { document.title = error.message })`,
  )
  await app.tab.waitForURL(`${app.origin}/back`)
  await started(app.tab)
  expect(await statusOf(app.tab)).toBe('signed-in')
})

test('postedAuthorization() signs in in the same tab, whatever the target of the base is', async () => {
  const app = await fixture.open({
    imports: "import { postedAuthorization } from 'tessera-auth/post'",
    provider: { takesPosts: true },
    options: 'capabilities: [postedAuthorization()],',
  })
  await app.tab.evaluate(`{
    const base = document.createElement('base')
    base.target = '_blank'
    document.head.append(base)
  }`)
  const landed = Promise.race([
    app.tab.waitForURL(`${app.origin}/back`).then(() => 'here'),
    app.context.waitForEvent('page').then(() => 'in another tab'),
  ])
  await app.tab.click('#redirect')
  expect(await landed).toBe('here')
})

test('postedAuthorization() sends UTF-8 from a page in another encoding', async () => {
  const app = await fixture.open({
    imports: "import { postedAuthorization } from 'tessera-auth/post'",
    provider: { takesPosts: true },
    // The page that the test answers itself may not read metadata: Chromium does not know where it is from.
    options: 'capabilities: [postedAuthorization()], metadata,',
  })
  await app.tab.route(`${app.origin}/old`, async (route) => {
    const response = await route.fetch({ url: `${app.origin}/` })
    await route.fulfill({ response, contentType: 'text/html; charset=windows-1252' })
  })
  await app.tab.goto(`${app.origin}/old`)
  await started(app.tab)
  expect(await app.tab.evaluate('document.characterSet')).toBe('windows-1252')
  await app.tab.evaluate(`void auth.signIn({ returnTo: '/back', parameters: { odd: 'zoë 例' } })`)
  await app.tab.waitForURL(`${app.origin}/back`)
  const [asked] = app.provider.requests('/auth')
  expect(asked?.body.odd).toBe('zoë 例')
})

test('postedSignOut() ends the session at the provider, and shows the ID token in no address (R121)', async () => {
  const app = await fixture.open({
    imports: "import { postedSignOut } from 'tessera-auth/post'",
    provider: { takesPosts: true },
    options: `capabilities: [postedSignOut()],
      postLogoutRedirectUri: '/',
      metadata: { ...metadata, end_session_endpoint: metadata.end_session_endpoint + '?own=1' },`,
  })
  await signInByRedirect(app)
  expect(app.provider.requests('/auth').map(({ method }) => method)).toEqual(['GET'])
  await app.tab.evaluate('void auth.signOut()')
  // The page on which this provider asks once more.
  await app.tab.click('button[value=yes]')
  await app.tab.waitForURL(`${app.origin}/`)
  await started(app.tab)
  expect(await statusOf(app.tab)).toBe('signed-out')
  const [asked] = app.provider.requests('/session/end')
  expect(asked?.method).toBe('POST')
  expect(asked?.query).toEqual({ own: '1' })
  expect(asked?.body).toEqual({
    client_id: app.provider.clientId,
    id_token_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    post_logout_redirect_uri: `${app.origin}/`,
    state: expect.stringMatching(/^[\w-]{43}$/),
  })
  const token = asked?.body.id_token_hint ?? ''
  expect(app.profile.observed.addresses.filter((url) => url.includes(token))).toEqual([])
  // The provider has no session any more: it does not sign in without asking.
  await app.tab.evaluate(`void auth.signIn({ returnTo: '/back', loginHint: 'hold' })`)
  await app.tab.waitForURL(`${app.provider.issuer}/interaction/**`)
})
