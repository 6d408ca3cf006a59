import { createAuth } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

const TENANT = 'https://abc1234.id.cyberark.cloud'
const HINT =
  'If the provider sent it, it refused the sign-in by "invalid_client". Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). Ask the admin to add the host name of this page, without scheme, to the trusted DNS domains (Settings, Authentication, Security Settings, API Security).'

beforeEach(() => {
  vi.stubGlobal('indexedDB', createDatabase())
  vi.spyOn(console, 'warn').mockReturnValue()
  const request = (_: string, __: object, task: () => Promise<unknown>) => task()
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
})
afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  history.replaceState(null, '', '/')
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function openApp() {
  return createAuth({
    ...cyberArkIdentity({ tenant: TENANT, application: 'taxefile' }),
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['ReadUserProfile'],
    persistence: 'device',
    async fetch(input) {
      if (String(input).includes('/Token/')) {
        return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 300 })
      }
      return Response.json({
        issuer: `${TENANT}/taxefile/`,
        authorization_endpoint: `${TENANT}/OAuth2/Authorize/taxefile`,
        token_endpoint: `${TENANT}/OAuth2/Token/taxefile`,
      })
    },
  })
}

test('a tenant that leaves out the state of a refusal: the hint is there once, in the result and in the state', async () => {
  const auth = openApp()
  history.replaceState(null, '', '/callback?error=invalid_client')
  const { error } = await auth.start()
  expect(error).toMatchObject({ code: 'callback_state', hint: HINT })
  expect(auth.state).toMatchObject({ status: 'signed-out', error: { hint: HINT } })
  auth.close()
})

test('a hint does not grow in the state of a session that only the user can renew', async () => {
  const before = openApp()
  await signInWithPassword(before, { username: 'monika.a', password: 'swordfish' })
  before.close()
  const auth = openApp()
  history.replaceState(null, '', '/callback?error=invalid_client')
  await auth.start()
  const renew = () => auth.getAccessToken({ forceRenewal: true })
  await expect(renew()).rejects.toMatchObject({ code: 'interaction_required' })
  await expect(renew()).rejects.toMatchObject({ code: 'interaction_required' })
  expect(auth.state).toMatchObject({ status: 'signed-in', error: { hint: HINT } })
  auth.close()
})
