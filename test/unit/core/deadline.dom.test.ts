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
