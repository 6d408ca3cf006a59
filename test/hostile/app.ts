import { page } from '../browsers/serve-pages.ts'

/** What a call of the client came to, as the page tells it. */
export interface Call {
  readonly name: string
  readonly settled: boolean
  readonly value?: unknown
  readonly error?: DescribedError
}

export interface DescribedError {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly retryable?: boolean
  readonly hint?: string
  readonly providerError?: string
  readonly providerErrorDescription?: string
  readonly status?: number
  readonly offset?: number
  readonly retryAfter?: number
  /** Its JSON, stack and causes: everything that a log could hold of it. */
  readonly text: string
}

/** What a page has come to. */
export interface Snapshot {
  /** The path it was loaded with. */
  readonly path: string
  readonly href: string
  readonly status: string
  readonly reason?: string
  readonly renewal?: string
  readonly scope?: readonly string[]
  readonly authorizationDetails?: readonly object[]
  readonly expiresAt?: number | null
  readonly user?: Record<string, unknown> | null
  /** The error of the call that the page made last, or that its state shows. */
  readonly error: DescribedError | null
  readonly calls: readonly Call[]
}

/**
 * The smallest app there is. On `/` it signs in, on `/hand-over` it is the callback page, on any other
 * path it only starts; then it reports. `window.setup.mode` says how it starts: once, twice in a row,
 * or with two clients; `way` how it gets to the provider, and `patience` how long it waits there.
 */
export const APP = page(
  `import { AuthError, createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'
const { __watch: watch, __report: report } = window
const setup = (window.setup = await window.__setup())
const now = Date.now
Date.now = () => now() + setup.shift
const path = location.pathname
const calls = []
const seen = new WeakSet()

function describe(error) {
  if (!error) return null
  const texts = []
  for (let each = error; each && !seen.has(each); each = each.cause) {
    texts.push(String(each), each.stack, JSON.stringify(each))
    for (const name of Reflect.ownKeys(each)) texts.push(String(name) + ': ' + each[name])
    if (each.cause === undefined) break
  }
  const { name, code, message, retryable, hint, status, offset, retryAfter } = error
  const { providerError, providerErrorDescription } = error
  const text = texts.join('\\n')
  return { name: error instanceof AuthError ? name : 'NOT AN AuthError: ' + name, code, message,
    retryable, hint, status, offset, retryAfter, providerError, providerErrorDescription, text }
}

const app = (window.app = {
  clients: [],
  make() {
    const { way, patience: timeout } = setup
    const frame = way === 'frame' && { capabilities: [silentFrame({ timeout })] }
    const auth = createAuth({ ...setup.options, ...frame })
    app.clients.push(auth)
    app.auth = auth
    return auth
  },
  async call(name, ...given) {
    const auth = app.auth
    const call = { name, settled: false }
    calls.push(call)
    try {
      const value = await auth[name](...given)
      const error = value?.error
      call.value = error ? { ...value, error: null } : value
      if (error) call.error = describe(error)
    } catch (error) {
      call.error = describe(error)
    }
    call.settled = true
    return call
  },
  snapshot(error) {
    const state = app.auth?.state ?? { status: 'none' }
    const { status, reason, renewal, scope, authorizationDetails, expiresAt, user } = state
    return { path, href: location.href, status, reason, renewal, scope, authorizationDetails, expiresAt, user,
      error: error ?? describe(state.error), calls: [...calls] }
  },
  signIn() {
    const { way, patience: timeout } = setup
    // A page that signs in by itself would go round where its callback page leads back to it.
    const request = { ...(way === 'forward' && { returnTo: '/arrived' }), ...setup.request }
    return app.call('signIn', way === 'popup' ? { ...request, via: popup({ timeout }) } : request)
  },
  async run() {
    let failure = null
    try {
      app.make()
      if (path === '/hand-over') return await handOverCallback(app.auth)
      const starts = [app.call('start')]
      if (setup.mode === 'twice') starts.push(app.call('start'))
      if (setup.mode === 'two-clients') {
        app.make()
        starts.push(app.call('start'))
      }
      const [started] = await Promise.all(starts)
      failure = started.error
      if (path === '/' && app.auth.state.status !== 'signed-in') {
        failure = (await app.signIn()).error
      }
    } catch (error) {
      failure = describe(error)
    }
    report(app.snapshot(failure))
  },
  async signInAgain() {
    Object.assign(setup, await window.__setup())
    app.make()
    const { error } = await app.call('start')
    const failure = app.auth.state.status === 'signed-in' ? error : null
    report(app.snapshot(failure ?? (await app.signIn()).error))
  },
})
document.querySelector('button').addEventListener('click', () => app.signInAgain())
watch?.arm()
app.run()`,
  { body: '<button>Sign in</button>' },
)

declare global {
  interface Window {
    readonly app: App
    /** What the page was told; `shift` moves its clock, in milliseconds. */
    readonly setup: { shift: number }
  }
}

/** What the page's script puts on the window. */
interface App {
  readonly clients: readonly { close(): void }[]
  call(name: string, ...given: unknown[]): Promise<Call>
  snapshot(): Snapshot
}
