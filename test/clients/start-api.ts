import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** Loaded when the clients are installed: the types of their packages are not there before. */
const SERVICES = new URL('./apps/start-services.mjs', import.meta.url).href

export interface ClientApi {
  readonly url: string
  /** What arrived with a token that is taken or refused, oldest first. */
  readonly log: { readonly method: string; readonly path: string; readonly token: string }[]
  /** Requests whose client went away before they were answered. */
  readonly abandoned: string[]
  /** Bytes of the files that were uploaded. */
  readonly uploads: number[]
  /** Answers 401 to a token from now on. */
  refuse(token: string): void
  reset(): void
  close(): Promise<void>
}

/** An API of orders: REST, GraphQL, tRPC, Connect, uploads, events and a socket. */
export async function startApi(): Promise<ClientApi> {
  const services = await import(SERVICES)
  const trpc = services.createTrpc('/v1/trpc/')
  const connect = services.createConnect('/v1/connect')
  const log: ClientApi['log'] = []
  const abandoned: string[] = []
  const uploads: number[] = []
  const refused = new Set<string>()

  async function answerRest(request: IncomingMessage, response: ServerResponse, path: string) {
    const text = await readText(request)
    const sent = text ? JSON.parse(text) : {}
    const graphql = () => {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost')
      const variables = JSON.parse(searchParams.get('variables') ?? '{}')
      const given = text ? sent : { query: searchParams.get('query'), variables }
      return services.answerGraphql(given)
    }
    const id = path.split('/').at(-1)
    const answer = path.endsWith('/graphql')
      ? graphql()
      : request.method === 'POST'
        ? services.add(sent)
        : services.find(id)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await answer))
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    allow(request, response)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    const { method = '', url: path = '' } = request
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    log.push({ method, path, token })
    response.on('close', () => {
      if (!response.writableEnded) abandoned.push(path)
    })
    if (!token || refused.has(token)) {
      await readText(request)
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' })
      return void response.end('{"message":"refused"}')
    }
    const { pathname } = new URL(path, 'http://localhost')
    if (pathname.startsWith('/v1/trpc/')) return trpc(request, response)
    if (pathname.startsWith('/v1/connect/')) return connect(request, response)
    if (pathname === '/v1/files') {
      // Of what is that large nothing is read, so that there is time to stop it.
      if (Number(request.headers['content-length']) > 10_000_000) return
      uploads.push((await readText(request)).length)
      return void response.writeHead(201).end()
    }
    if (pathname === '/v1/events') return sendEvents(response)
    await answerRest(request, response, pathname)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  const closeSockets = services.acceptSockets(
    server,
    (token: string | undefined) => !!token && !refused.has(token),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    log,
    abandoned,
    uploads,
    refuse: (token) => void refused.add(token),
    reset() {
      log.splice(0)
      abandoned.splice(0)
      uploads.splice(0)
      refused.clear()
    },
    async close() {
      closeSockets()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function allow({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', headers.origin ?? '*')
  response.setHeader(
    'access-control-allow-headers',
    headers['access-control-request-headers'] ?? '*',
  )
  response.setHeader('access-control-expose-headers', 'www-authenticate')
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('latin1')) text += chunk
  return text
}

async function sendEvents(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const id of ['7', '8']) {
    response.write(`data: {"id":"${id}"}\n\n`)
    await setImmediate()
  }
}
