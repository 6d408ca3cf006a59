import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  vi.restoreAllMocks()
})

/** Gives the lock to one after another, as a browser does. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async request(_: string, { signal }: { signal?: AbortSignal }, task: () => Promise<unknown>) {
      const before = last
      let release: (() => void) | undefined
      last = new Promise<void>((resolve) => {
        release = resolve
      })
      try {
        await new Promise((resolve, reject) => {
          const abort = () => reject(signal?.reason)
          signal?.addEventListener('abort', abort)
          void before.then(() => {
            signal?.removeEventListener('abort', abort)
            resolve(undefined)
          })
        })
        return await task()
      } finally {
        void before.then(release)
      }
    },
  }
}

test('tokens for many resources of a slow provider come one after another, however long', async () => {
  Object.defineProperty(navigator, 'locks', { value: createQueue(), configurable: true })
  vi.spyOn(console, 'warn').mockReturnValue()
  const names = Array.from({ length: 12 }, (_, index) => `https://api.example/${index}/`)
  let issued = 0
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    resources: names.map((url) => ({ url, resource: url })),
    persistence: 'memory',
    // A task may wait for twice as long: for five answers.
    timeout: 500,
    fetch: async () => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      return Response.json({
        access_token: `token-${++issued}`,
        token_type: 'Bearer',
        expires_in: 300,
        refresh_token: `refresh-${issued}`,
      })
    },
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  const tokens = await Promise.all(names.map((url) => auth.getAccessToken({ url })))
  // The first is of the sign-in.
  expect(tokens).toEqual(names.map((_, index) => `token-${index + 2}`))
  expect(auth.state).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
  auth.close()
})
