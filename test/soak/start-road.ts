import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came along, and what became of it. Times are milliseconds since the epoch. */
export interface Exchange {
  readonly kind: 'sign-in' | 'renewal' | 'revocation'
  /** The code or token that was sent. */
  readonly sent: string
  readonly arrivedAt: number
  /** What the provider said, once it has. */
  status?: number
  accessToken?: string
  refreshToken?: string
  idToken?: string
  /** When the answer went to the browser; never where nobody was there any more. */
  answeredAt?: number
  /** Whether this is over, one way or the other. */
  done: boolean
}

/** Where a renewal can be held up. */
export type Place = 'before the provider' | 'after the provider' | 'with the answer'

/** How the road treats what comes along. */
export interface Conduct {
  /** Milliseconds until a token request gets to the provider, or what it waits for. */
  readonly before?: () => number | Promise<unknown>
  /** Milliseconds until its answer gets to the browser. */
  readonly after?: () => number
  /** Called for each renewal at each place, and waited for. */
  readonly at?: (place: Place, exchange: Exchange) => unknown
  /** Answers renewals in the provider's stead. */
  readonly instead?: (response: ServerResponse) => void
}

/** What lies between the browser and the token endpoint of a provider. */
export interface Road {
  readonly tokenEndpoint: string
  readonly revocationEndpoint: string
  readonly exchanges: readonly Exchange[]
  readonly renewals: () => Exchange[]
  /** Forgets what came along, and treats what comes as told from now on. */
  readonly reset: (conduct?: Conduct) => void
  /** Resolves when nothing is on its way. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * Starts a road to a provider. Token requests are put before the provider one after the other: one
 * refresh token that comes twice at once is then found out like one that comes twice in a row.
 */
export async function startRoad(
  target: { token: string; revocation: string },
  port = 0,
): Promise<Road> {
  let exchanges: Exchange[] = []
  let conduct: Conduct = {}
  let turn: Promise<unknown> = Promise.resolve()

  const ask = async (url: string, body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(url, { method: 'POST', headers, body })
    return { status: answer.status, text: await answer.text() }
  }
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(task, task)
    turn = mine
    return mine
  }
  const carry = async (exchange: Exchange, url: string, body: string, response: ServerResponse) => {
    const { before, after, at, instead } = conduct
    if (exchange.kind === 'renewal' && instead) return instead(response)
    const meet = (place: Place) => exchange.kind === 'renewal' && at?.(place, exchange)
    const lag = before?.() ?? 0
    await (typeof lag === 'number' ? sleep(lag) : lag)
    await meet('before the provider')
    // Whoever asked is gone, and the request with it.
    if (response.destroyed) return
    const { status, text } = await inTurn(() => ask(url, body))
    const json = text.startsWith('{') ? JSON.parse(text) : {}
    exchange.status = status
    exchange.accessToken = json.access_token
    exchange.refreshToken = json.refresh_token
    exchange.idToken = json.id_token
    await meet('after the provider')
    await sleep(after?.() ?? 0)
    if (response.destroyed) return
    exchange.answeredAt = Date.now()
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    await meet('with the answer')
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'retry-after')
    let body = ''
    for await (const chunk of request) body += chunk
    const form = new URLSearchParams(body)
    const isToken = request.url === '/token'
    const kind = !isToken ? 'revocation' : form.has('refresh_token') ? 'renewal' : 'sign-in'
    const sent = form.get('token') ?? form.get('refresh_token') ?? form.get('code') ?? ''
    const exchange: Exchange = { kind, sent, arrivedAt: Date.now(), done: false }
    exchanges.push(exchange)
    try {
      await carry(exchange, isToken ? target.token : target.revocation, body, response)
    } finally {
      exchange.done = true
    }
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/revoke`,
    get exchanges() {
      return exchanges
    },
    renewals: () => exchanges.filter(({ kind }) => kind === 'renewal'),
    reset(next = {}) {
      exchanges = []
      conduct = next
    },
    async idle() {
      while (exchanges.some(({ done }) => !done)) await sleep(10)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
