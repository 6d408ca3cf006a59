import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { createGate, type Gate, listen, readBody } from './listen.ts'

/** A request as it arrived. */
export interface Recorded {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface RecorderAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Whether the connection breaks off after the body. */
  readonly torn?: boolean
  /** Whether the body never ends. */
  readonly endless?: boolean
}

type Respond = (
  request: Recorded,
) => RecorderAnswer | undefined | Promise<RecorderAnswer | undefined>

/** A server that writes down what arrives. */
export interface Recorder {
  readonly url: string
  /** Requests, oldest first; preflights are in {@link preflights}. */
  readonly log: Recorded[]
  readonly preflights: Recorded[]
  /** How requests are answered from now on; `undefined` is as usual. */
  answer(respond: Respond): void
  reset(): void
  /** Answers a request that arrived at another server, as one of this. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close(): Promise<void>
}

/** What the last part of a path asks for. Everything else is answered with 200 and some text. */
const ROUTES: Readonly<Record<string, (request: Recorded) => RecorderAnswer>> = {
  empty: () => ({ status: 204 }),
  missing: () => ({ status: 404, body: 'no such thing' }),
  broken: () => ({ status: 500, body: 'broken' }),
  json: () => ({ headers: { 'content-type': 'application/json' }, body: '{"a":[1,"é"]}' }),
  binary: () => ({ body: Buffer.from([0, 255, 128, 10, 13]) }),
  zipped: () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('unzipped') }),
  sheet: () => ({ headers: { 'content-type': 'text/css' }, body: 'a{}' }),
  cookie: ({ path }) => ({
    headers: { 'set-cookie': `seen=yes; Path=${path.replace('/cookie', '')}` },
  }),
  cached: () => ({ headers: { 'cache-control': 'max-age=60' }, body: 'keep me' }),
  same: ({ path }) => ({ status: 302, headers: { location: path.replace('/same', '/json') } }),
}

const PARTS = 5

/**
 * Starts the server. It answers every preflight, from anywhere, for anything, and lets everything be
 * read.
 */
export async function startRecorder(): Promise<Recorder> {
  const log: Recorded[] = []
  const preflights: Recorded[] = []
  const arrivals = createArrivals()
  let respond: Respond = () => undefined

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    response.sendDate = false
    const { method = '', url: path = '' } = request
    const headers = request.headers as Recorded['headers']
    allow(headers, response)
    if (method === 'OPTIONS' && headers['access-control-request-method']) {
      preflights.push({ method, path, headers, body: Buffer.alloc(0) })
      return void response.writeHead(204).end()
    }
    if (path.startsWith('/arrival-of')) {
      await arrivals.of(path.slice('/arrival-of'.length))
      return void response.end()
    }
    const seen = { method, path, headers, body: await readBody(request) }
    log.push(seen)
    arrivals.note(path)
    const name = new URL(path, 'http://localhost').pathname.split('/').at(-1) ?? ''
    if (name === 'hanging') return
    if (name === 'parts' || name === 'endless') return sendParts(response, name === 'endless')
    const answer = (await respond(seen)) ?? ROUTES[name]?.(seen) ?? { body: `${method} was seen` }
    response.writeHead(answer.status ?? 200, {
      'content-type': 'text/plain',
      'x-answer': 'yes',
      ...answer.headers,
    })
    if (answer.endless) return void response.write(answer.body)
    if (answer.torn) return void response.write(answer.body, () => response.destroy())
    response.end(method === 'HEAD' ? undefined : answer.body)
  }

  const server = await listen(handle)
  return {
    url: `http://localhost:${server.port}`,
    log,
    preflights,
    answer(next) {
      respond = next
    },
    reset() {
      log.splice(0)
      preflights.splice(0)
      respond = () => undefined
    },
    handle,
    close: server.close,
  }
}

function createArrivals() {
  const gates = new Map<string, Gate>()
  const gateOf = (path: string) => {
    const gate = gates.get(path) ?? createGate()
    gates.set(path, gate)
    return gate
  }
  return {
    note: (path: string) => gateOf(path).open(),
    async of(path: string) {
      await gateOf(path).opened
      gates.delete(path)
    },
  }
}

function allow(headers: Recorded['headers'], response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', headers.origin ?? '*')
  response.setHeader('access-control-allow-credentials', 'true')
  response.setHeader(
    'access-control-allow-methods',
    headers['access-control-request-method'] ?? '*',
  )
  response.setHeader(
    'access-control-allow-headers',
    headers['access-control-request-headers'] ?? '*',
  )
  response.setHeader('access-control-expose-headers', 'www-authenticate, x-answer')
}

async function sendParts(response: ServerResponse, endless: boolean): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain' })
  for (let part = 0; part < PARTS; part++) {
    response.write(`part ${part}\n`)
    await setImmediate()
  }
  if (!endless) response.end()
}
