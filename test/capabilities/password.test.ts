import { expect, test } from 'vitest'
import type { Profile } from '../browsers/launch-browser.ts'
import { appPage, useFixture } from '../e2e/fixture.ts'

const IMPORT = `import { signInWithPassword } from 'tessera-auth/password'`
const SCRIPT = `globalThis.signInWithPassword = signInWithPassword
document.title = 'ready'`

const MONIKA = { username: 'monika.a', password: 'Monika-demo-1' }
const SECRET = 'demo-secret-of-taxefile-api'

const fixture = useFixture()

async function openPasswordApp(profile?: Profile) {
  const { issuer, clientIds } = fixture.tenant.apps['taxefile-api']
  const options = {
    issuer,
    clientId: clientIds[0],
    redirectUri: '/callback',
    scope: ['ReadUserProfile'],
    resources: [{ url: `${fixture.tenant.url}/cdirectoryservice/`, scope: ['ManageUsers'] }],
  }
  fixture.pages.setPage('/', appPage(options, SCRIPT, IMPORT))
  const tab = await fixture.open('/', profile)
  await tab.waitForFunction(() => document.title === 'ready')
  return tab
}

const sentBodies = () =>
  fixture.tenant.log.filter(({ method, path }) => method === 'POST' && /\/token\//i.test(path))

const scopeOf = (sent: ReturnType<typeof sentBodies>[number] | undefined) =>
  new URLSearchParams(String(sent?.body)).get('scope')

test('signInWithPassword() signs in with a form and Basic authentication', async () => {
  const tab = await openPasswordApp()
  const request = { ...MONIKA, clientSecret: SECRET }
  await tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(request)})`)
  expect(await tab.evaluate('auth.state.status')).toBe('signed-in')
  expect(await tab.evaluate('auth.state.user')).toBe(null)
  const [sent] = sentBodies()
  expect(sent?.headers.authorization).toBe(`Basic ${btoa(`taxefile-web:${SECRET}`)}`)
  expect(String(sent?.body)).not.toContain('client_id')
  expect(scopeOf(sent)).toBe('ReadUserProfile ManageUsers')
})

test('signInWithPassword() asks for the scopes that it is told, and no others', async () => {
  const tab = await openPasswordApp()
  const request = { ...MONIKA, clientSecret: SECRET, scope: ['ManageUsers'] }
  await tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(request)})`)
  expect(scopeOf(sentBodies()[0])).toBe('ManageUsers')
})

test('signInWithPassword() speaks the JSON of the guide', async () => {
  const tab = await openPasswordApp()
  const request = { ...MONIKA, clientSecret: SECRET, dialect: 'json' }
  await tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(request)})`)
  expect(await tab.evaluate('auth.state.status')).toBe('signed-in')
  expect(sentBodies()[0]?.headers['content-type']).toBe('application/json')
})

test('auth.fetch calls the API of the tenant with the token of a password', async () => {
  const tab = await openPasswordApp()
  const request = { ...MONIKA, clientSecret: SECRET }
  await tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(request)})`)
  const answer =
    await tab.evaluate(`auth.fetch('${fixture.tenant.url}/cdirectoryservice/createuser', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Name: 'new.user', Password: 'Not-a-secret-1' }),
  }).then((response) => response.status)`)
  expect(answer).toBe(200)
})

test('signInWithPassword() says what the tenant refused, and keeps the password out of it', async () => {
  const tab = await openPasswordApp()
  const request = { username: 'monika.a', password: 'Wrong-and-secret-7', clientSecret: SECRET }
  const error = await tab.evaluate(
    `signInWithPassword(auth, ${JSON.stringify(request)}).catch((error) => JSON.stringify([error, error.message, error.stack, auth.state]))`,
  )
  expect(error).toContain('"code":"token_request_refused"')
  expect(error).not.toContain('Wrong-and-secret-7')
  expect(error).not.toContain(SECRET)
  expect(await tab.evaluate('auth.state.status')).toBe('signed-out')
})

test('signInWithPassword() warns once on loopback', async () => {
  const profile = await fixture.newProfile()
  const tab = await openPasswordApp(profile)
  const request = JSON.stringify({ ...MONIKA, clientSecret: SECRET })
  await tab.evaluate(`signInWithPassword(auth, ${request})`)
  await tab.evaluate(`signInWithPassword(auth, ${request})`)
  const text = 'tessera-auth: OAuth 2.1 leaves the password flow out; prefer auth.signIn().'
  expect(profile.observed.console).toEqual([{ type: 'warning', text }])
})
