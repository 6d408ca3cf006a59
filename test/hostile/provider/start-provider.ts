import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIssuer, type Endpoint, type Issuer, type LoggedRequest } from './create-issuer.ts'
import type { Reply } from './mutation.ts'

/** A server with any number of providers. */
export interface ProviderServer {
  /** Adds a provider of its own address. */
  addIssuer(): Issuer
  close(): Promise<void>
}

/** Same site as the app, so that the cookies it sets would come along if anybody let them. */
const HOST = 'idp.app.localhost'
const OTHER_HOST = 'evil.localhost'

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '.well-known/openid-configuration': 'discovery',
  jwks: 'jwks',
  authorize: 'authorize',
  token: 'token',
  userinfo: 'userinfo',
  revoke: 'revoke',
  'end-session': 'end-session',
}

/** Starts the server on a free port of loopback. */
export async function startProvider(): Promise<ProviderServer> {
  const issuers = new Map<string, Issuer>()
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request
    const url = new URL(request.url ?? '/', `http://${headers.host}`)
    const [, name = '', ...rest] = url.pathname.split('/')
    const issuer = issuers.get(name)
    if (!issuer) return void response.writeHead(404).end()
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const logged: LoggedRequest = {
      endpoint: url.hostname === HOST ? (ENDPOINTS[rest.join('/')] ?? 'elsewhere') : 'elsewhere',
      method,
      host: url.host,
      url,
      headers,
      body: new URLSearchParams(text),
    }
    issuer.note(logged)
    await send(response, await issuer.answer(logged))
  }

  return {
    addIssuer() {
      const name = `p${issuers.size}`
      const issuer = createIssuer(
        `http://${HOST}:${port}/${name}`,
        `http://${OTHER_HOST}:${port}/${name}/elsewhere`,
      )
      issuers.set(name, issuer)
      return issuer
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  const closed = once(response, 'close')
  if (reply.after) await Promise.race([reply.after, closed])
  if (reply.reset) return void response.destroy()
  // What fails on a connection that was used before, a browser sends again all by itself, and a POST
  // as well: each request gets a connection of its own, so that what is counted is what we sent.
  response.writeHead(reply.status, { ...reply.headers, connection: 'close' })
  if (typeof reply.body === 'string' || reply.body instanceof Uint8Array) {
    return void response.end(reply.body)
  }
  response.flushHeaders()
  for await (const chunk of reply.body) {
    if (response.destroyed) return
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed])
  }
  response.end()
}
