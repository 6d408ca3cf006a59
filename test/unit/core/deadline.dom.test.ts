import { createAuth } from 'tessera-auth'
import { expect, test } from 'vitest'

const METADATA = 'https://login.example/.well-known/openid-configuration'

const OPTIONS = { metadata: METADATA, clientId: 'client', redirectUri: '/callback' }

test('a character that comes in two pieces is one', async () => {
  const issuer = 'https://login.example/\u00fc/'
  const bytes = new TextEncoder().encode(JSON.stringify({ issuer }))
  const cut = bytes.indexOf(0xc3) + 1
  const body = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, cut))
        controller.enqueue(bytes.slice(cut))
        controller.close()
      },
    })
  const auth = createAuth({ ...OPTIONS, issuer, fetch: async () => new Response(body()) })
  await expect(auth.signIn()).rejects.toMatchObject({
    message: 'The provider has no usable authorization_endpoint.',
  })
  auth.close()
})

test('an address that does not answer is named, and cut', async () => {
  const metadata = `https://login.example/${'x'.repeat(1000)}`
  const fetch = () => Promise.reject(new TypeError())
  const auth = createAuth({ ...OPTIONS, metadata, fetch })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'network',
    message: `${metadata.slice(0, 512)} could not be reached.`,
    hint: 'The network is down, or the provider does not allow this origin (CORS).',
  })
  auth.close()
})

test.for<[string, () => Promise<Response>]>([
  ['never answers', () => new Promise(() => {})],
  ['never ends its answer', async () => new Response(new ReadableStream())],
])(
  'signIn() keeps the deadline with a fetch of the app that %s and hears no signal',
  async ([, fetch]) => {
    const auth = createAuth({ ...OPTIONS, fetch, timeout: 50 })
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
  let isTold = false
  const body = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
      cancel() {
        isTold = true
        return Promise.reject(new TypeError('The source is gone.'))
      },
    })
  const auth = createAuth({ ...OPTIONS, fetch: async () => new Response(body()) })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: `${METADATA} answered with too large a body.`,
  })
  expect(isTold).toBe(true)
  // Vitest fails a file with an unhandled rejection: there is time for one to be seen.
  await new Promise((resolve) => setImmediate(resolve))
  auth.close()
})
