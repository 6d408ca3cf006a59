import type { BrowserContext } from 'playwright-core'

declare global {
  /** Keeps what a page has exchanged with a token endpoint. */
  var __exchange: (exchange: object) => Promise<void>
}

/** A request for tokens and its answer. */
export interface Exchange {
  readonly grant: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What passes between a browser and a provider. */
export interface Wire {
  /** Requests that pages of the app make to the provider, by address. */
  readonly requests: readonly string[]
  /** Addresses that users were sent back to. */
  readonly callbacks: readonly string[]
  /** What the provider lets read what it answers, as CORS has it. */
  readonly origins: readonly string[]
  /** Requests for tokens, oldest first. */
  readonly exchanges: readonly Exchange[]
}

/** Listens to a browser's profile from now on. */
export async function watchWire(context: BrowserContext): Promise<Wire> {
  const requests: string[] = []
  const callbacks: string[] = []
  const exchanges: Exchange[] = []
  const origins: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (request.resourceType() === 'fetch') requests.push(request.url())
    if (request.isNavigationRequest() && url.pathname === '/callback') callbacks.push(url.href)
  })
  context.on('response', (response) => {
    const { 'access-control-allow-origin': allowed } = response.headers()
    if (response.request().resourceType() === 'fetch' && allowed && !origins.includes(allowed)) {
      origins.push(allowed)
    }
  })
  // In the page, because the browser forgets what was answered as soon as the page gives way.
  await context.exposeFunction('__exchange', (exchange: Exchange) => void exchanges.push(exchange))
  await context.addInitScript(() => {
    const native = window.fetch
    window.fetch = async (input, init) => {
      const response = await native(input, init)
      const grant = init?.body instanceof URLSearchParams && init.body.get('grant_type')
      if (grant) {
        const { status, headers } = response
        const body = await response.clone().text()
        const exchange = { grant, status, headers: Object.fromEntries(headers), body }
        await __exchange(exchange)
      }
      return response
    }
  })
  return { requests, callbacks, origins, exchanges }
}
