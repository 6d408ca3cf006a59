import { createAuth } from 'tessera-auth'
import { afterEach, expect, test, vi } from 'vitest'

const ISSUER = 'https://login.example/'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The channels of the page that were not closed. */
function followChannels(): Set<BroadcastChannel> {
  const open = new Set<BroadcastChannel>()
  class Followed extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      open.add(this)
    }
    override close() {
      open.delete(this)
      super.close()
    }
  }
  vi.stubGlobal('BroadcastChannel', Followed)
  return open
}

test('a sign-out is heard in other tabs where its client is closed meanwhile', async () => {
  const open = followChannels()
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
  // And no channel is left.
  expect(open.size).toBe(0)
})
