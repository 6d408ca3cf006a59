import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useFetchFixture } from '../fetch/fixture.ts'
import { bundle } from './bundle.ts'
import { type ClientApi, startApi } from './start-api.ts'

/** What each app makes of its client. */
declare global {
  var calls: {
    readonly get: () => Promise<unknown>
    readonly post: () => Promise<unknown>
    /** A call that is never answered. */
    readonly hang: (signal: AbortSignal) => Promise<unknown>
  }
  var controller: AbortController
  var hanging: Promise<unknown>
  var upload: (
    file: Blob,
    options: { readonly onProgress: (part: number) => void; readonly signal?: AbortSignal },
  ) => Promise<number>
  var listen: (onOrder: (order: unknown) => void) => Promise<void>
  var connect: () => Promise<WebSocket>
}

const fixture = useFetchFixture()
let api: ClientApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api?.close()
})
beforeEach(() => {
  api.reset()
  fixture.usePage({ resources: [{ url: `${api.url}/v1/` }] })
})

async function runModule(tab: Page, text: string): Promise<void> {
  await tab.evaluate((text) => {
    const script = Object.assign(document.createElement('script'), { type: 'module', text })
    document.head.append(script)
  }, text)
}

async function openWith(name: string): Promise<Page> {
  const tab = await fixture.openSignedIn()
  await runModule(tab, await bundle(name, api.url))
  await tab.waitForFunction(() => globalThis.calls ?? globalThis.connect)
  return tab
}

const TEA = { id: '7', name: 'tea' }
const MILK = { id: '8', name: 'milk' }

const CLIENTS = [
  'axios',
  'ky',
  'ofetch',
  'wretch',
  'openapi-fetch',
  'graphql-request',
  'urql',
  'apollo-client',
  'trpc',
  'connect-web',
  'rtk-query',
  'tanstack-query',
]

describe.for(CLIENTS)('%s', (name) => {
  test('gets and posts with the token', async () => {
    const tab = await openWith(name)
    const token = await tab.evaluate(() => auth.getAccessToken())
    expect(await tab.evaluate(() => calls.get())).toEqual(TEA)
    expect(await tab.evaluate(() => calls.post())).toEqual(MILK)
    expect(api.log).toEqual([
      { method: 'GET', path: expect.stringMatching(/^\/v1\//), token },
      { method: 'POST', path: expect.stringMatching(/^\/v1\//), token },
    ])
  })

  test.for(['get', 'post'] as const)('a %s that is refused is repaired', async (kind) => {
    const tab = await openWith(name)
    const old = await tab.evaluate(() => auth.getAccessToken())
    api.refuse(old)
    const answer = await tab.evaluate((kind) => calls[kind](), kind)
    expect(answer).toEqual(kind === 'get' ? TEA : MILK)
    const token = await tab.evaluate(() => auth.getAccessToken())
    expect(token).not.toBe(old)
    const method = kind.toUpperCase()
    const [{ path }] = api.log as [ClientApi['log'][0]]
    expect(api.log).toEqual([
      { method, path, token: old },
      { method, path, token },
    ])
    expect(fixture.provider.refreshes()).toBe(1)
  })

  test('a call that is aborted is over, here and at the API', async () => {
    const tab = await openWith(name)
    await tab.evaluate(() => {
      globalThis.controller = new AbortController()
      const called = calls.hang(controller.signal)
      globalThis.hanging = called.then(
        () => 'resolved',
        () => 'rejected',
      )
    })
    await expect.poll(() => api.log.length).toBe(1)
    const end = await tab.evaluate(() => {
      controller.abort()
      return hanging
    })
    expect(end).toBe('rejected')
    await expect.poll(() => api.abandoned).toEqual([api.log[0]?.path])
    expect(api.log).toHaveLength(1)
  })
})

describe('what is no fetch', () => {
  test('an upload goes by XHR, with its progress', async () => {
    const tab = await openWith('transports')
    const [status, parts] = await tab.evaluate(async () => {
      const parts: number[] = []
      const file = new Blob([new Uint8Array(3_000_000)])
      const status = await upload(file, { onProgress: (part) => parts.push(part) })
      return [status, parts] as const
    })
    expect(status).toBe(201)
    expect(parts.at(-1)).toBe(1)
    expect(parts).toEqual(parts.toSorted((one, other) => one - other))
    expect(api.uploads).toEqual([3_000_000])
    const token = await tab.evaluate(() => auth.getAccessToken())
    expect(api.log).toEqual([{ method: 'POST', path: '/v1/files', token }])
  })

  test('an upload is aborted with the reason given', async () => {
    const tab = await openWith('transports')
    const reason = await tab.evaluate(() => {
      const controller = new AbortController()
      const file = new Blob([new Uint8Array(50_000_000)])
      const onProgress = () => controller.abort('enough')
      return upload(file, { onProgress, signal: controller.signal }).catch((reason) => reason)
    })
    expect(reason).toBe('enough')
    expect(api.uploads).toEqual([])
  })

  test.for(['valid', 'refused'])('events arrive where the token is %s', async (kind) => {
    const tab = await openWith('transports')
    const old = await tab.evaluate(() => auth.getAccessToken())
    if (kind === 'refused') api.refuse(old)
    const orders = await tab.evaluate(async () => {
      const orders: unknown[] = []
      return new Promise((resolve) => {
        void listen((order) => {
          if (orders.push(order) === 2) resolve(orders)
        })
      })
    })
    expect(orders).toEqual([{ id: '7' }, { id: '8' }])
    const token = await tab.evaluate(() => auth.getAccessToken())
    const tokens = kind === 'refused' ? [old, token] : [token]
    expect(api.log.map((each) => each.token)).toEqual(tokens)
    expect(new Set([old, token]).size).toBe(tokens.length)
  })

  test('a socket is opened with the token as a subprotocol', async () => {
    const tab = await openWith('transports')
    const [protocol, hello] = await tab.evaluate(async () => {
      const socket = await connect()
      const { data } = await new Promise<MessageEvent>((resolve) => {
        socket.onmessage = resolve
      })
      socket.close()
      return [socket.protocol, data] as const
    })
    expect(protocol).toBe('orders')
    expect(hello).toBe(`hello ${await tab.evaluate(() => auth.getAccessToken())}`)
  })

  test.for(['upload', 'listen', 'connect'] as const)(
    '%s() sends nothing without a session',
    async (name) => {
      const tab = await fixture.open()
      await runModule(tab, await bundle('transports', api.url))
      await tab.waitForFunction(() => globalThis.connect)
      const outcome = await tab.evaluate((name) => {
        const calls = {
          upload: () => upload(new Blob(['x']), { onProgress: () => {} }),
          listen: () => listen(() => {}),
          connect: () => connect(),
        }
        return outcomeOf(calls[name]())
      }, name)
      expect(outcome).toMatchObject({ error: { code: 'not_authenticated' } })
      expect(api.log).toEqual([])
    },
  )
})
