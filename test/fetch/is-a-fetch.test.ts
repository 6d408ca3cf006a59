import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { CALLS, type Call, FOLLOWING_CALLS, HELPERS, OWN_CALLS } from './calls.ts'
import { useFetchFixture } from './fixture.ts'
import type { Recorded } from './start-recorder.ts'

const fixture = useFetchFixture(true)
let tab: Page

beforeAll(async () => {
  const { api } = fixture
  const resources = [
    { url: `${api.url}/v1/` },
    { url: '/own/' },
    { url: `${api.url}/follow/`, redirect: 'follow' as const },
  ]
  fixture.usePage({ resources }, HELPERS)
  tab = await fixture.openSignedIn()
})

type Kind = 'native' | 'authorized'

/** Makes a call in the page. What it came to is free of what differs between any two calls. */
async function make(call: Call, kind: Kind, folder: string) {
  const { api, pages } = fixture
  api.log.splice(0)
  const base = folder === 'own' ? pages.origin() : api.url
  const outcome = await tab.evaluate(
    async ([source, kind, url]) => {
      const call = new Function(`return ${source}`)()
      const settled = (error: unknown) =>
        error instanceof Error || error instanceof DOMException
          ? { error: [error.constructor.name, error.name, error.message] }
          : { error }
      try {
        // Awaited, so that a call that rejects is caught here.
        return { value: await call(kind === 'native' ? fetch : auth.fetch, url) }
      } catch (error) {
        return settled(error)
      }
    },
    [call.toString(), kind, `${base}/${folder}/${kind}`] as const,
  )
  return { outcome: unify(outcome, kind), requests: api.log.map((each) => requestOf(each, kind)) }
}

// Each kind has a path of its own, so that no cache and no cookie of the one is the other's. What
// failed is told by a message that names the function: the same words follow.
function unify<Value>(value: Value, kind: Kind): Value {
  const text = JSON.stringify(value ?? null)
    .replaceAll(`/${kind}`, '/kind')
    .replaceAll(/Failed to (execute 'fetch' on 'Window'|construct 'Request'): /g, '')
    .replaceAll(/(Window\.fetch|Request constructor): /g, '')
  return JSON.parse(text)
}

function requestOf({ method, path, headers, body }: Recorded, kind: Kind) {
  const { authorization, 'content-length': length, ...rest } = headers
  const type = rest['content-type'] ?? ''
  const boundary = /boundary=(\S+)/.exec(type)?.[1]
  const plain = (text: string) => (boundary ? text.replaceAll(boundary, 'BOUNDARY') : text)
  expect(authorization?.startsWith('Bearer access-') ?? false).toBe(kind === 'authorized')
  return unify(
    {
      method,
      path,
      headers: { ...rest, ...(type && { 'content-type': plain(type) }) },
      // Two boundaries may differ in length.
      length: boundary ? 'as it is' : length,
      body: body.length > 4096 ? hashOf(body) : plain(body.toString('latin1')),
    },
    kind,
  )
}

const hashOf = (body: Buffer) => createHash('sha256').update(body).digest('hex')

async function compare(call: Call, folder: string) {
  const native = await make(call, 'native', folder)
  const authorized = await make(call, 'authorized', folder)
  expect(authorized).toEqual(native)
  return native
}

describe('fetch() is answered and seen as the native one is', () => {
  test.for(Object.entries(CALLS))('%s', async ([, call]) => {
    await compare(call, 'v1')
  })
})

describe('fetch() to its own origin is answered and seen as the native one is', () => {
  test.for(Object.entries(OWN_CALLS))('%s', async ([, call]) => {
    await compare(call, 'own')
  })
})

describe('fetch() to a resource that may redirect is answered and seen as the native one is', () => {
  test.for(Object.entries(FOLLOWING_CALLS))('%s', async ([, call]) => {
    await compare(call, 'follow')
  })
})

test.for(['native', 'authorized'] as const)(
  'a signal that is aborted already rejects before anything else happens: %s',
  async (kind) => {
    const { api } = fixture
    const order = await tab.evaluate(
      async ([kind, url]) => {
        const order: string[] = []
        const call = kind === 'native' ? fetch : auth.fetch
        await Promise.all([
          call(url, { signal: AbortSignal.abort('enough') }).catch((reason) => order.push(reason)),
          Promise.resolve().then(() => order.push('next')),
        ])
        return order
      },
      [kind, `${api.url}/v1/aborted`] as const,
    )
    expect(order).toEqual(['enough', 'next'])
    expect(api.log).toEqual([])
  },
)

test('address and init are read as often as fetch reads them, in its order and at once', async () => {
  const reads = await tab.evaluate(async (url) => {
    const readBy = async (call: typeof fetch) => {
      const reads: string[] = []
      const members = { method: 'POST', body: 'x' }
      const init = new Proxy(members, {
        get(target, name) {
          reads.push(String(name))
          return Reflect.get(target, name)
        },
      })
      const address = {
        toString() {
          reads.push('the address')
          return url
        },
      }
      const called = Reflect.apply(call, undefined, [address, init])
      const atOnce = [...reads]
      await called
      return [atOnce, reads]
    }
    return { native: await readBy(fetch), authorized: await readBy(auth.fetch) }
  }, `${fixture.api.url}/v1/x`)
  expect(reads.native[0]).toContain('body')
  expect(reads.authorized).toEqual(reads.native)
})

test('an address space reaches the fetch of the browser, where it knows of any', async () => {
  const [given, arrived] = await tab.evaluate(async (url) => {
    const init = { targetAddressSpace: 'loopback' } as RequestInit
    const spaceOf = (request: Request) => Reflect.get(request, 'targetAddressSpace') ?? 'unheard of'
    const native = globalThis.fetch
    let arrived: unknown
    globalThis.fetch = (input, init) => {
      arrived = spaceOf(new Request(input, init))
      return native(input, init)
    }
    const called = auth.fetch(url, init)
    globalThis.fetch = native
    await called
    return [spaceOf(new Request(url, init)), arrived]
  }, `${fixture.api.url}/v1/x`)
  expect(arrived).toBe(given)
})

test('the tables are as long as they have to be', () => {
  expect(Object.keys({ ...CALLS, ...OWN_CALLS, ...FOLLOWING_CALLS }).length).toBeGreaterThan(100)
})
