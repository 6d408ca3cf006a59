import { expect, test } from 'vitest'
import { started, statusOf, useProviderApp } from './use-provider-app.ts'

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
