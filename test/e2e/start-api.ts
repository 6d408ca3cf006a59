import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the API has seen it. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** What the API answers. */
export interface ApiAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Api {
  readonly url: string
  /** Preflights left out. */
  readonly log: ApiRequest[]
  /** How requests are answered from now on. */
  answer(respond: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>): void
  stop(): Promise<void>
}

/** Starts an API that lets every page call it, and that answers as a test wants it to. */
export async function startApi(): Promise<Api> {
  const log: ApiRequest[] = []
  let respond: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer> = () => ({})
  const server = createServer(async (request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type, x-own')
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
    response.setHeader('access-control-expose-headers', 'www-authenticate')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    let body = ''
    for await (const chunk of request.setEncoding('latin1')) body += chunk
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as ApiRequest['headers'],
      body,
    }
    log.push(seen)
    const answer = await respond(seen)
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    log,
    answer(next) {
      respond = next
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
