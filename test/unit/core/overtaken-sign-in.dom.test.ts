import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, expect, test, vi } from 'vitest'

const METADATA = {
  issuer: 'https://login.example/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}
/** Tokens that have run out as soon as they come. */
const TOKENS = { access_token: 'token', token_type: 'Bearer', expires_in: 0, refresh_token: 'next' }
const OVERTAKEN = { code: 'signed_out', message: 'The user signed out in the meantime.' }

afterEach(() => {
  vi.restoreAllMocks()
})

/** A client whose provider answers once it is told to. */
function createWaiting() {
  let respond: () => void = () => {}
  let answered: Promise<void>
  /** From now on the provider answers once it is told to again. */
  const hold = () => {
    answered = new Promise<void>((resolve) => {
      respond = resolve
    })
  }
  hold()
  const sent: unknown[] = []
  const auth = createAuth({
    metadata: 'https://login.example/metadata',
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    fetch: async (url) => {
      sent.push(url)
      await answered
      return Response.json(url === METADATA.token_endpoint ? TOKENS : METADATA)
    },
  })
  return { auth, respond: () => respond(), hold, sent }
}

/** A window that nobody comes back from. */
const via = async (prepared: Promise<unknown>) => {
  await prepared
  return new Promise<never>(() => {})
}

test('a sign-in that waits for another one comes to nothing by a sign-out', async () => {
  const { auth, respond } = createWaiting()
  await auth.start()
  const signIns = [auth.signIn({ via }), auth.signIn({ via })]
  const outcomes = Promise.allSettled(signIns)
  await expect.poll(() => auth.state.status).toBe('signing-in')
  await auth.signOut({ local: true })
  respond()
  expect(await outcomes).toMatchObject([{ reason: OVERTAKEN }, { reason: OVERTAKEN }])
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'signed-out', error: null })
  auth.close()
})

test('requireSession() sends nobody to the provider who signs out while it renews', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const { auth, respond } = createWaiting()
  respond()
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  const required = auth.requireSession({ returnTo: '/' })
  required.catch(() => {})
  await auth.signOut({ local: true })
  await expect(required).rejects.toMatchObject(OVERTAKEN)
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'signed-out', error: null })
  auth.close()
})

test('a sign-in that is asked for after a sign-out begins after it, also while the page starts', async () => {
  const { auth, respond } = createWaiting()
  const ending = auth.signOut({ local: true })
  const signingIn = auth.signIn({ via })
  signingIn.catch(() => {})
  respond()
  expect(await ending).toEqual({ redirected: false })
  await expect.poll(() => auth.state.status).toBe('signing-in')
  auth.close()
  await expect(signingIn).rejects.toMatchObject({ code: 'closed' })
})

test('a password sign-in that is asked for after a sign-out begins after it, also while the page starts', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const { auth, respond } = createWaiting()
  respond()
  const ending = auth.signOut({ local: true })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  expect(await ending).toEqual({ redirected: false })
  expect(auth.state).toMatchObject({ status: 'signed-in' })
  auth.close()
})

test('a client that is closed while it starts sends no password', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const { auth, sent } = createWaiting()
  const signingIn = signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  auth.close()
  await expect(signingIn).rejects.toMatchObject({ code: 'closed' })
  // By the time that another one is done, it would have been sent.
  const other = createWaiting()
  other.respond()
  await signInWithPassword(other.auth, { username: 'alice', password: 'swordfish' })
  expect(sent).toEqual([])
  other.auth.close()
})

test('a sign-out while the page starts ends a password sign-in that was asked for before', async () => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const { auth, respond, sent } = createWaiting()
  respond()
  const signingIn = signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  const refused = expect(signingIn).rejects.toMatchObject(OVERTAKEN)
  await auth.signOut({ local: true })
  await refused
  expect(sent).toEqual([])
  expect(auth.state.status).toBe('signed-out')
  auth.close()
})

test.for([
  ['signInWithPassword()', false],
  ['requireSession()', true],
] as const)(
  '%s that waits for the provider rejects when its client is closed',
  async ([, isRenewal]) => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const { auth, respond, hold } = createWaiting()
    const signIn = () => signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
    if (isRenewal) {
      respond()
      await signIn()
      hold()
    }
    const pending = isRenewal ? auth.requireSession() : signIn()
    const busy = isRenewal ? { renewal: 'renewing' } : { status: 'signing-in' }
    const refused = expect(pending).rejects.toMatchObject({
      code: 'closed',
      message: 'This client was closed.',
    })
    await expect.poll(() => auth.state).toMatchObject(busy)
    auth.close()
    // Before the provider answers.
    await refused
    respond()
  },
)

test('a sign-out while the page starts leaves no note where nothing is stored', async () => {
  const { auth } = createWaiting()
  const ending = auth.signOut({ local: true })
  window.dispatchEvent(new Event('pagehide'))
  await ending
  expect(localStorage).toHaveLength(0)
  auth.close()
})
