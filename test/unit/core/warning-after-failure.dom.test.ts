import { AuthError, createAuth } from 'tessera-auth'
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
