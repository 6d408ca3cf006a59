import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
import { afterEach, expect, test, vi } from 'vitest'

const ISSUER = 'https://login.example/'
const OPTIONS = {
  metadata: {
    issuer: ISSUER,
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: 'https://login.example/token',
  },
  clientId: 'client',
  redirectUri: '/callback',
}

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
  const auth = createAuth(OPTIONS)
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

test('a client that is closed while its callback page looks for who waits opens no channel', async () => {
  const open = followChannels()
  vi.stubGlobal('frameElement', null)
  history.replaceState(null, '', '/callback?code=code&state=state')
  const auth = createAuth(OPTIONS)
  const handedOver = handOverCallback(auth)
  // As a layout around the page does.
  const started = auth.start()
  auth.close()
  await expect(handedOver).rejects.toMatchObject({ code: 'closed' })
  await started
  expect(open.size).toBe(0)
})

test('a client that is closed before it starts opens no channel (R183)', async () => {
  const open = followChannels()
  const auth = createAuth(OPTIONS)
  auth.close()
  await expect(auth.start()).rejects.toMatchObject({ code: 'closed' })
  expect(open.size).toBe(0)
})
