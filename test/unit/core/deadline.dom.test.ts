import { createAuth } from 'tessera-auth'
import { expect, test } from 'vitest'

const METADATA = 'https://login.example/.well-known/openid-configuration'

test.for<[string, () => Promise<Response>]>([
  ['never answers', () => new Promise(() => {})],
  ['never ends its answer', async () => new Response(new ReadableStream())],
])(
  'signIn() keeps the deadline with a fetch of the app that %s and hears no signal',
  async ([, fetch]) => {
    const options = { metadata: METADATA, clientId: 'client', redirectUri: '/callback' }
    const auth = createAuth({ ...options, fetch, timeout: 50 })
    await expect(auth.signIn()).rejects.toMatchObject({
      name: 'AuthError',
      code: 'timeout',
      message: `${METADATA} did not answer in time.`,
      retryable: true,
    })
    auth.close()
  },
)

test('signIn() leaves no rejection behind where the end of too large a body cannot be told', async () => {
  const body = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
      cancel: () => Promise.reject(new TypeError('The source is gone.')),
    })
  const options = { metadata: METADATA, clientId: 'client', redirectUri: '/callback' }
  const auth = createAuth({ ...options, fetch: async () => new Response(body()) })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: `${METADATA} answered with too large a body.`,
  })
  // Vitest fails a file with an unhandled rejection: there is time for one to be seen.
  await new Promise((resolve) => setImmediate(resolve))
  auth.close()
})
