import { createAuth } from 'tessera-auth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

const METADATA = {
  issuer: 'https://login.example/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', createDatabase())
  vi.spyOn(Date, 'now')
  Object.defineProperty(navigator, 'userActivation', {
    value: { isActive: true },
    configurable: true,
  })
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'userActivation')
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** A client whose page stays where it is, as where the user has stopped it. */
function createStaying(
  fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError()),
  clientId = 'client',
) {
  const addresses: string[] = []
  const navigate = (url: string) => {
    addresses.push(url)
  }
  const auth = createAuth({
    metadata: 'https://login.example/metadata',
    clientId,
    redirectUri: '/callback',
    capabilities: [{ navigate }],
    fetch,
  })
  return { auth, addresses }
}

const later = (milliseconds: number) => {
  const now = Date.now()
  vi.mocked(Date.now).mockReturnValue(now + milliseconds)
}

const answer = async () => Response.json(METADATA)

test('signIn() by a window waits for no page that was stopped on its way', async () => {
  const { auth, addresses } = createStaying(answer)
  const first = auth.signIn()
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  later(6_000)
  const via = vi.fn(() => new Promise<never>(() => {}))
  auth.signIn({ via }).catch(() => {})
  await expect(first).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  await vi.waitFor(() => expect(via).toHaveBeenCalledOnce())
  expect(auth.state.status).toBe('signing-in')
  auth.close()
})

test('signIn() leaves once more where the page was stopped, once for two calls', async () => {
  const { auth, addresses } = createStaying(answer)
  const first = auth.signIn()
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  later(6_000)
  for (const again of [auth.signIn(), auth.signIn()]) again.catch(() => {})
  await expect(first).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  await vi.waitFor(() => expect(addresses).toHaveLength(2))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(addresses).toHaveLength(2)
  expect(auth.state.status).toBe('signing-in')
  auth.close()
})

test('signIn() joins one that has not left yet, however long that takes', async () => {
  let respond: (response: Response) => void = () => {}
  const asked = vi.fn(() => new Promise<Response>((resolve) => (respond = resolve)))
  const { auth, addresses } = createStaying(asked)
  auth.signIn().catch(() => {})
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  later(6_000)
  auth.signIn().catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 50))
  respond(Response.json(METADATA))
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(addresses).toHaveLength(1)
  auth.close()
})

test('signIn() leaves beside a window that may have been cut off', async () => {
  const { auth, addresses } = createStaying(answer)
  const via = vi.fn(() => new Promise<never>(() => {}))
  auth.signIn({ via }).catch(() => {})
  await vi.waitFor(() => expect(via).toHaveBeenCalledOnce())
  later(6_000)
  auth.signIn().catch(() => {})
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  auth.close()
})

test('signIn() does not join one that was asked for before a sign-out', async () => {
  let respond: () => void = () => {}
  const asked = vi.fn(answer).mockImplementationOnce(async () => {
    await new Promise<void>((resolve) => {
      respond = resolve
    })
    return answer()
  })
  const { auth, addresses } = createStaying(asked)
  await auth.start()
  const before = auth.signIn()
  before.catch(() => {})
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  await auth.signOut({ local: true })
  auth.signIn({ prompt: 'login' }).catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 50))
  respond()
  await expect(before).rejects.toMatchObject({ code: 'signed_out' })
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  expect(new URL(addresses[0] ?? '').searchParams.get('prompt')).toBe('login')
  expect(auth.state.status).toBe('signing-in')
  auth.close()
})

test('signIn() takes the page on from where one of before a sign-out was sending it', async () => {
  const { auth, addresses } = createStaying(answer)
  const before = auth.signIn()
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  await auth.signOut({ local: true })
  auth.signIn({ prompt: 'login' }).catch(() => {})
  await expect(before).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  await vi.waitFor(() => expect(addresses).toHaveLength(2))
  expect(new URL(addresses[1] ?? '').searchParams.get('prompt')).toBe('login')
  auth.close()
})

test('signIn() is joined by one of the same tick where the page was stopped', async () => {
  const { auth, addresses } = createStaying(answer)
  const first = auth.signIn()
  await vi.waitFor(() => expect(addresses).toHaveLength(1))
  later(6_000)
  const both = [auth.signIn(), auth.signIn()]
  const outcomes = Promise.allSettled(both)
  await expect(first).rejects.toMatchObject({ code: 'sign_in_interrupted' })
  await vi.waitFor(() => expect(addresses).toHaveLength(2))
  // The user comes back, by the page cache.
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  const interrupted = { reason: { code: 'sign_in_interrupted' } }
  expect(await outcomes).toMatchObject([interrupted, interrupted])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(addresses).toHaveLength(2)
  auth.close()
})

test('two clients of a page without cookies both find again what they have stored', async () => {
  vi.spyOn(document, 'cookie', 'get').mockReturnValue('')
  const one = createStaying(answer)
  const other = createStaying(answer, 'other')
  one.auth.signIn().catch(() => {})
  await vi.waitFor(() => expect(one.addresses).toHaveLength(1))
  other.auth.signIn().catch(() => {})
  await vi.waitFor(() => expect(other.addresses).toHaveLength(1))
  later(6_000)
  one.auth.signIn().catch(() => {})
  await vi.waitFor(() => expect(one.addresses).toHaveLength(2))
  expect(one.auth.state).toMatchObject({ status: 'signing-in' })
  one.auth.close()
  other.auth.close()
})
