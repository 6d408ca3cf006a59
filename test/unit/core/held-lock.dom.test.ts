import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  vi.restoreAllMocks()
})

test('signInWithPassword() is completed where another tab holds the session for ever', async () => {
  const waits: number[] = []
  const request = (_: string, { signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => {
      const begun = performance.now()
      signal.addEventListener('abort', () => {
        waits.push(performance.now() - begun)
        reject(signal.reason)
      })
    })
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  vi.spyOn(console, 'warn').mockReturnValue()
  const tokens = { access_token: 'token', token_type: 'Bearer', expires_in: 300 }
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    timeout: 50,
    fetch: async () => Response.json(tokens),
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  // A renewal in the other tab may take its whole time, and another one after it.
  expect(Math.min(...waits)).toBeGreaterThan(95)
  expect(auth.state.status).toBe('signed-in')
  expect(await auth.getAccessToken()).toBe('token')
  auth.close()
})
