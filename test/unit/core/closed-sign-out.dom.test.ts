import { createAuth } from 'tessera-auth'
import { afterEach, expect, test, vi } from 'vitest'

const ISSUER = 'https://login.example/'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a sign-out is heard in other tabs where its client is closed meanwhile', async () => {
  const auth = createAuth({
    metadata: {
      issuer: ISSUER,
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
  })
  await auth.start()
  const heard: unknown[] = []
  const other = new BroadcastChannel(`tessera-auth ${JSON.stringify([ISSUER, 'client'])}`)
  other.onmessage = ({ data }) => heard.push(data)
  const ending = auth.signOut()
  auth.close()
  expect(await ending).toEqual({ redirected: false })
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  other.close()
})
