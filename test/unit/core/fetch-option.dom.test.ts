import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { expect, test, vi } from 'vitest'

test('a 401 by a fetch of the app, whose answers have no address, is repaired as well', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  let given = 0
  const sent: (string | null)[] = []
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    resources: [{ url: 'https://api.example/' }],
    fetch: async (input) => {
      if (typeof input === 'string') {
        given++
        const tokens = { access_token: `token-${given}`, refresh_token: `refresh-${given}` }
        return Response.json({ ...tokens, token_type: 'Bearer', expires_in: 300 })
      }
      const authorization = (input as Request).headers.get('authorization')
      sent.push(authorization)
      return new Response(null, { status: authorization === 'Bearer token-1' ? 401 : 200 })
    },
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  expect((await auth.fetch('https://api.example/orders')).status).toBe(200)
  expect(sent).toEqual(['Bearer token-1', 'Bearer token-2'])
  auth.close()
  vi.restoreAllMocks()
})

test('a form names its type, for a fetch that does not know the URLSearchParams of the page', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const sent: unknown[] = []
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
      revocation_endpoint: 'https://login.example/revoke',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    fetch: async (_, init) => {
      // An app that looks at what is sent finds what the platform has for a form.
      expect(init?.body).toBeInstanceOf(URLSearchParams)
      sent.push([new Headers(init?.headers).get('content-type'), `${init?.body}`])
      return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 300 })
    },
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  await auth.signOut({ local: true })
  const type = 'application/x-www-form-urlencoded;charset=UTF-8'
  expect(sent).toEqual([
    [type, expect.stringContaining('grant_type=password&')],
    [type, 'token=token&client_id=client'],
  ])
  auth.close()
  vi.restoreAllMocks()
})
