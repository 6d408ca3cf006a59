import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, expect, test, vi } from 'vitest'
import { ISSUER, keys, METADATA, sign } from './open-tab.ts'

const END_SESSION = 'https://login.example/end'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A page whose user is signed in, at a provider that revokes no token before it is told to. */
async function openSignedIn() {
  vi.spyOn(console, 'warn').mockReturnValue()
  let revoke = () => {}
  const revoked = new Promise<void>((resolve) => {
    revoke = resolve
  })
  const order: string[] = []
  const auth = createAuth({
    metadata: { ...METADATA, end_session_endpoint: END_SESSION, jwks: { keys } },
    issuer: ISSUER,
    clientId: 'client',
    redirectUri: '/callback',
    capabilities: [{ leave: (url) => void order.push(url.split('?')[0] ?? '') }],
    fetch: async (url) => {
      if (url !== METADATA.token_endpoint) await revoked
      const tokens = { access_token: 'token', token_type: 'Bearer', refresh_token: 'next' }
      return Response.json({ ...tokens, id_token: await sign('alice') })
    },
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  return { auth, order, revoke }
}

test('signOut() called twice, as by a double click, says of both what becomes of the page', async () => {
  const { auth, order, revoke } = await openSignedIn()
  const endings = [auth.signOut(), auth.signOut()]
  revoke()
  expect(await Promise.all(endings)).toEqual([{ redirected: true }, { redirected: true }])
  expect(order).toEqual([END_SESSION])
  auth.close()
})

test('a sign-in after two sign-outs waits for the one that leaves for the provider', async () => {
  const { auth, order, revoke } = await openSignedIn()
  const endings = [auth.signOut(), auth.signOut()]
  const via = async (prepared: Promise<unknown>) => {
    await prepared
    order.push('sign-in')
    return new Promise<never>(() => {})
  }
  const signIn = auth.signIn({ via })
  signIn.catch(() => {})
  revoke()
  await Promise.all(endings)
  // The user comes back to the page as it was.
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await expect(signIn).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  expect(order).toEqual([END_SESSION])
  auth.close()
})
