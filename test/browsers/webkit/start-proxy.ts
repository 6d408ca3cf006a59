import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { collectObservations, type Observations } from '../observed.ts'
import { rewriteDocument } from './rewrite-document.ts'
import { type Report, watchPage } from './watch-page.ts'

/** All that a profile sends and receives goes through here, and nothing leaves the machine. */
export interface ProfileProxy {
  /** `host:port` */
  readonly address: string
  readonly observations: Observations
  /** Emits `request` with the address of each request, when it comes. */
  readonly events: EventEmitter<{ request: [url: string] }>
  /** Addresses of documents that could not be had. */
  readonly failed: Set<string>
  /** Scripts that run at the start of each document. */
  readonly scripts: string[]
  /** Origins that may have left something in the browser. */
  readonly origins: Set<string>
  /** The path, at any origin, of a page that makes the browser forget what it has of the origin. */
  readonly forgetting: string
  /** Whether all that is in the browser can be forgotten by {@link forgetting}. */
  isForgettable(): boolean
  /** Begins anew, with nothing observed. */
  reset(): void
  close(): Promise<void>
}

/** What is about the connection to the proxy, and not for the server. */
const HOP_BY_HOP = ['proxy-connection', 'connection', 'keep-alive', 'accept-encoding']
/** Of a document that has not changed, the server would send the policy alone, without our nonce. */
const NOT_FOR_DOCUMENTS = [...HOP_BY_HOP, 'if-none-match', 'if-modified-since']

const TYPES: Readonly<Record<string, string>> = { empty: 'fetch', iframe: 'document' }

export async function startProxy(): Promise<ProfileProxy> {
  let observations = collectObservations()
  const events: ProfileProxy['events'] = new EventEmitter()
  const failed = new Set<string>()
  const scripts: string[] = []
  const origins = new Set<string>()
  const reports = `/.observed/${randomUUID()}`
  const forgetting = `/.forget/${randomUUID()}`
  let isForgettable = true
  const sockets = new Set<Socket>()

  async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    note(observations, JSON.parse(body) as Report)
    response.writeHead(204).end()
  }

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '')
    if (url.pathname === reports) return void takeReport(request, response)
    if (url.pathname === forgetting) return void forget(response)
    const type = String(request.headers['sec-fetch-dest'] ?? '')
    const isDocument = ['document', 'iframe'].includes(type)
    observe(request, url.href, type)
    if (isDocument) origins.add(url.origin)
    // What a frame of another site keeps, it keeps apart from the pages of its own.
    if (type === 'iframe' && request.headers['sec-fetch-site'] === 'cross-site') {
      isForgettable = false
    }
    const fail = () => {
      if (isDocument) failed.add(url.href)
      response.destroy()
    }
    if (!/^(127\.0\.0\.1|(.+\.)?localhost)$/.test(url.hostname)) {
      failed.add(url.href)
      return void response.destroy()
    }
    const headers = { ...request.headers }
    for (const name of isDocument ? NOT_FOR_DOCUMENTS : HOP_BY_HOP) delete headers[name]
    const forward = sendRequest({
      host: '127.0.0.1',
      port: url.port || 80,
      method: request.method,
      path: url.pathname + url.search,
      headers,
      agent: false,
    })
    forward.on('error', fail)
    forward.on('response', (answer) => {
      answer.on('error', fail)
      if (answer.headers['set-cookie']) origins.add(url.origin)
      const isHtml = /^text\/html\b/i.test(answer.headers['content-type'] ?? '')
      if (isDocument && isHtml && answer.statusCode !== 302 && answer.statusCode !== 303) {
        observations.addresses.push(url.href)
        void sendDocument(answer, response, url.origin)
      } else {
        response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers))
        response.flushHeaders()
        answer.pipe(response)
      }
    })
    response.on('close', () => forward.destroy())
    request.pipe(forward)
  }

  async function sendDocument(
    answer: IncomingMessage,
    response: ServerResponse,
    origin: string,
  ): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    const script = [`(${watchPage})(${JSON.stringify(reports)})`, ...scripts].join('\n;')
    const document = rewriteDocument(
      withoutHops(answer.headers),
      Buffer.concat(chunks),
      script,
      origin + reports,
    )
    response.writeHead(answer.statusCode ?? 200, document.headers).end(document.body)
  }

  function observe({ method = '', headers }: IncomingMessage, url: string, type: string): void {
    events.emit('request', url)
    // The page did not ask for it; the browser asks whether the page may.
    if (method === 'OPTIONS' && headers['access-control-request-method']) return
    observations.requests.push({
      method,
      url,
      type: TYPES[type] ?? type,
      headers: headers as Record<string, string>,
    })
  }

  const server = createServer(pass)
  server.on('connect', (_, socket) => socket.destroy())
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get observations() {
      return observations
    },
    events,
    failed,
    scripts,
    origins,
    forgetting,
    isForgettable: () => isForgettable,
    reset() {
      observations = collectObservations()
      failed.clear()
      origins.clear()
      scripts.splice(0)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers with an empty page, whose icon is named so that it is not asked for. */
function forget(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html',
    'clear-site-data': '"cache", "cookies", "storage"',
  })
  response.end('<!doctype html><link rel="icon" href="data:,">')
}

function withoutHops(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const kept = { ...headers }
  for (const name of ['connection', 'keep-alive', 'transfer-encoding']) delete kept[name]
  return kept
}

function note(observations: Observations, report: Report): void {
  const { console, errors, violations, addresses } = observations
  if (report.kind === 'console') console.push({ type: report.type, text: report.text })
  if (report.kind === 'error') errors.push(report.text)
  if (report.kind === 'violation') violations.push(report.text)
  if (report.kind === 'address') addresses.push(report.text)
}
