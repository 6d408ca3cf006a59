import { type Capability, createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { waitForUser } from 'tessera-auth/wait'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

/** What the database does not do any more. */
let failing: 'put' | 'transaction' | undefined

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  failing = undefined
  const fail = (name: typeof failing) => () => {
    if (failing === name) throw new DOMException('It failed.', 'UnknownError')
  }
  const trouble = { put: fail('put'), transaction: fail('transaction') }
  vi.stubGlobal('indexedDB', createDatabase(trouble))
  const request = (_: string, __: object, task: () => Promise<unknown>) => task()
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  history.replaceState(null, '', '/')
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** A client whose provider gives what `answer` says. */
function createPage(capability: Capability, answer: () => Promise<object>) {
  return createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    persistence: 'device',
    capabilities: [capability],
    fetch: async () =>
      Response.json({ token_type: 'Bearer', expires_in: 300, ...(await answer()) }),
  })
}

const tokensOf = (user: string) => ({
  access_token: `token-${user}`,
  refresh_token: `refresh-${user}`,
})

test('what is asked for as the user on show is not done as the one that a callback brings', async () => {
  let left = ''
  const navigate = (url: string) => {
    left = url
  }
  const before = createPage({ navigate }, async () => tokensOf('alice'))
  await signInWithPassword(before, { username: 'alice', password: 'swordfish' })
  before.signIn().catch(() => {})
  await expect.poll(() => left).not.toBe('')
  before.close()
  const state = new URL(left).searchParams.get('state')
  history.replaceState(null, '', `/callback?code=code&state=${state}`)
  let comeBack: (user: string) => void = () => {}
  const bob = new Promise<string>((resolve) => {
    comeBack = resolve
  })
  const auth = createPage({}, async () => tokensOf(await bob))
  const starting = auth.start()
  document.dispatchEvent(new Event('visibilitychange'))
  await expect.poll(() => auth.state.status).toBe('signed-in')
  const asked = auth.getAccessToken({ forceRenewal: true })
  const refused = expect(asked).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user who asked for this is not signed in any more.',
  })
  comeBack('bob')
  expect(await starting).toMatchObject({ error: null })
  await refused
  expect(await auth.getAccessToken()).toBe('token-bob')
  auth.close()
})

test('waitForUser() does nothing as who signs in elsewhere where nobody says who that is', async () => {
  const expired = async () => ({ access_token: 'token-bob', expires_in: 0 })
  const [auth, other] = [
    createPage(waitForUser(), expired),
    createPage({}, async () => tokensOf('carol')),
  ]
  await signInWithPassword(auth, { username: 'bob', password: 'swordfish' })
  const refused = expect(auth.getAccessToken()).rejects.toMatchObject({
    code: 'session_expired',
    message: 'Only the user can get this access token: call auth.signIn().',
  })
  await expect.poll(() => auth.state).toMatchObject({ renewal: 'expired' })
  await signInWithPassword(other, { username: 'carol', password: 'swordfish' })
  await refused
  expect(await auth.getAccessToken()).toBe('token-carol')
  auth.close()
  other.close()
})

test.for([
  ['the disk is full', 'put'],
  ['nothing can be deleted either', 'transaction'],
] as const)('a user whom another one replaces does not come back where %s', async ([, trouble]) => {
  const auth = createPage({}, async () => tokensOf('alice'))
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  auth.close()
  const tab = createPage({}, async () => {
    failing = trouble
    return tokensOf('bob')
  })
  await signInWithPassword(tab, { username: 'bob', password: 'swordfish' })
  window.dispatchEvent(new Event('resume'))
  // It waits for what the tab reads.
  expect(await tab.getAccessToken()).toBe('token-bob')
  tab.close()
  failing = undefined
  const next = createPage({}, async () => tokensOf('carol'))
  await next.start()
  expect(next.state).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  next.close()
})

test('a password sign-in is completed after a sign-out that the database has yet to hear of', async () => {
  const auth = createPage({}, async () => tokensOf('alice'))
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  failing = 'transaction'
  await auth.signOut({ local: true })
  failing = undefined
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  expect(auth.state.status).toBe('signed-in')
  auth.close()
})
