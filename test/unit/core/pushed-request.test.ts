import { pushedAuthorization } from 'tessera-auth/par'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
})

const METADATA = {
  issuer: 'https://login.example/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  pushed_authorization_request_endpoint: 'https://login.example/request',
}

test.for<[number, number]>([
  [59_999, 1],
  [60_000, 2],
])(
  'a reference that lasts a minute and takes %i ms has %i tries (R164)',
  async ([taken, tries]) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    let asked = 0
    const pushing = pushedAuthorization().push?.(
      METADATA,
      new URLSearchParams({ client_id: 'client', state: 'state' }),
      async () => {
        asked += 1
        vi.setSystemTime(Date.now() + taken)
        const json = { request_uri: 'urn:one', expires_in: 60 }
        return { status: 201, headers: new Headers(), json, receivedAt: Date.now() }
      },
    )
    if (tries === 1) {
      expect(String(await pushing)).toBe('client_id=client&request_uri=urn%3Aone')
    } else {
      await expect(pushing).rejects.toMatchObject({
        code: 'timeout',
        message: 'The provider takes longer than its reference lasts.',
        retryable: true,
      })
    }
    expect(asked).toBe(tries)
  },
)
