import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }

export interface PagesOptions {
  /** HTML by path; {@link page} makes some. */
  readonly pages?: Readonly<Record<string, string>>
  /** The policy to begin with, as in {@link Pages.setPolicy}. Default none. */
  readonly policy?: string
  /** Whether an unknown path gets the page `/`, as a single-page app's server does. Default true. */
  readonly fallback?: boolean
  /**
   * Whether browsers may keep pages for the back button, as most servers let them: not those that
   * are served with `no-store`. Default false.
   */
  readonly isKept?: boolean
  /** Further folders to serve, by the path they appear under: `{ '/': 'some/dist' }`. */
  readonly folders?: Readonly<Record<string, string>>
  /** Asked before anything else. Returns whether it answers. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse) => boolean
}

export interface Pages {
  readonly port: number
  /** `http://localhost:port`, or the same server under another name, such as `app.localhost`. */
  origin(host?: string): string
  /** Puts a page in place, or another in its stead. */
  setPage(path: string, html: string): void
  /** Serves the pages of the options again, and no others. */
  resetPages(): void
  /** The `Content-Security-Policy` of all pages from now on. */
  setPolicy(policy: string | undefined): void
  /** What was asked for, oldest first. */
  readonly requests: readonly { readonly method: string; readonly path: string }[]
  close(): Promise<void>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const BUILT_IN: Readonly<Record<string, string>> = {
  '/dist/': join(ROOT, 'dist'),
  '/oauth4webapi/': join(ROOT, 'node_modules/oauth4webapi/build'),
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
}

/** Resolves the package's names as `exports` does, for an app without a bundler. */
function importMap(): string {
  const imports: Record<string, string> = { oauth4webapi: '/oauth4webapi/index.js' }
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    imports[join(manifest.name, subpath)] = target.default.replace('./', '/')
  }
  return JSON.stringify({ imports })
}

/**
 * A page that runs a module, which may import `tessera-auth` and its subpaths as they are in `dist`.
 * Each script carries `nonce="{nonce}"`, which the server fills in, here and in a policy.
 */
export function page(module: string, { title = 'Test page', body = '' } = {}): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="data:,">
<script type="importmap" nonce="{nonce}">${importMap()}</script>
<body>${body}
<script type="module" nonce="{nonce}">
${module}
</script>
`
}

/** Serves test pages, the built package and oauth4webapi on a free port of loopback. */
export async function servePages(options: PagesOptions = {}): Promise<Pages> {
  let pages = new Map(Object.entries(options.pages ?? {}))
  const folders = Object.entries({ ...BUILT_IN, ...options.folders })
  const requests: { method: string; path: string }[] = []
  let policy = options.policy

  function sendPage(response: ServerResponse, html: string): void {
    const nonce = randomBytes(16).toString('base64url')
    response.setHeader('content-type', TYPES['.html'] as string)
    response.setHeader('cache-control', options.isKept ? 'no-cache' : 'no-store')
    if (policy) response.setHeader('content-security-policy', policy.replaceAll('{nonce}', nonce))
    response.end(html.replaceAll('{nonce}', nonce))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests.push({ method: request.method ?? '', path: request.url ?? '' })
    if (options.handle?.(request, response)) return
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const html = pages.get(path)
    if (html !== undefined) return sendPage(response, html)
    const file = await readFrom(folders, path)
    if (file) {
      response.setHeader('cache-control', 'no-store')
      response.setHeader('content-type', TYPES[extname(file.name)] ?? 'application/octet-stream')
      response.end(file.content)
      return
    }
    const home = pages.get('/') ?? (await readFrom(folders, '/index.html'))?.content.toString()
    if (options.fallback !== false && home !== undefined) return sendPage(response, home)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found')
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    port,
    origin: (host = 'localhost') => `http://${host}:${port}`,
    setPage: (path, html) => void pages.set(path, html),
    resetPages() {
      pages = new Map(Object.entries(options.pages ?? {}))
    },
    setPolicy(next) {
      policy = next
    },
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readFrom(
  folders: readonly (readonly [string, string])[],
  path: string,
): Promise<{ name: string; content: Buffer } | undefined> {
  for (const [prefix, folder] of folders) {
    if (!path.startsWith(prefix)) continue
    const root = resolve(ROOT, folder)
    const name = join(root, path.slice(prefix.length))
    if (!name.startsWith(root + sep)) continue
    const content = await readFile(name).catch(() => undefined)
    if (content) return { name, content }
  }
  return undefined
}
