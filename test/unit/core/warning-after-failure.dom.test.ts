import { AuthError, createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { expect, test, vi } from 'vitest'

const METADATA = {
  issuer: 'https://login.example/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}

test.for(['popup_closed', 'signed_out'] as const)(
  'the warning that nothing is stored stays when a sign-in ends with %s',
  async (code) => {
    // happy-dom has no IndexedDB.
    const auth = createAuth({
      metadata: METADATA,
      clientId: 'client',
      redirectUri: '/callback',
      fetch: vi.fn(),
    })
    await auth.start()
    const kept = { warning: { code: 'storage_unavailable' } }
    expect(auth.state).toMatchObject(kept)
    const via = async (prepared: Promise<unknown>) => {
      await prepared
      throw new AuthError(code, 'The window of the sign-in was closed.')
    }
    await expect(auth.signIn({ via })).rejects.toMatchObject({ code })
    expect(auth.state).toMatchObject({ status: 'signed-out', ...kept })
    auth.close()
  },
)

test('the warning that nothing is stored stays when a sign-in by password is refused', async () => {
  vi.spyOn(console, 'warn').mockReturnValueOnce()
  const auth = createAuth({
    metadata: METADATA,
    clientId: 'client',
    redirectUri: '/callback',
    fetch: async () => Response.json({ error: 'invalid_grant' }, { status: 400 }),
  })
  const seen: object[] = []
  auth.subscribe((state) => seen.push(state))
  const refused = signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  await expect(refused).rejects.toMatchObject({ code: 'token_request_refused' })
  const [last] = seen.slice(-1)
  expect(last).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    warning: { code: 'storage_unavailable' },
  })
  auth.close()
})
