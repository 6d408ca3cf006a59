import type { Auth, AuthOptions, SignInRequest } from 'tessera-auth'
import { page } from '../browsers/serve-pages.ts'

/** Capabilities by name, since functions do not cross into a page. */
export type CapabilityName = 'dpop' | 'par' | 'silent'

/** What a call of the client came to, in a form that crosses from the page to the test. */
export interface Outcome {
  readonly value?: unknown
  readonly code?: string
  readonly message?: string
  readonly providerError?: string
}

declare global {
  var auth: Auth
  /** What the next click on the button asks for. */
  var request: SignInRequest
  var outcome: (task: () => Promise<unknown>) => Promise<Outcome>
  var done: Promise<Outcome> | undefined
}

const IMPORTS = `import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
import { dpop } from 'tessera-auth/dpop'
import { pushedAuthorization } from 'tessera-auth/par'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'`

/** The app: signs in by redirect or in a window, and leaves the rest to the test. */
export function appPages(
  options: AuthOptions,
  capabilities: readonly CapabilityName[],
): { readonly home: string; readonly callback: string } {
  const client = `
${IMPORTS}
const silent = () => silentFrame({ timeout: 4_000, idTokenHint: true })
const makers = { dpop, par: pushedAuthorization, silent }
const capabilities = ${JSON.stringify(capabilities)}.map((name) => makers[name]())
globalThis.auth = createAuth({ ...${JSON.stringify(options)}, capabilities })
globalThis.outcome = async (task) => {
  try {
    return { value: await task() }
  } catch ({ code, message, providerError }) {
    return { code, message, providerError }
  }
}`
  const home = page(
    `${client}
globalThis.request = {}
const on = (id, run) => {
  document.getElementById(id).onclick = () => { globalThis.done = outcome(run) }
}
on('redirect', () => auth.signIn({ returnTo: location.href, ...request }))
on('popup', () => auth.signIn({ ...request, via: popup({ timeout: 15_000 }) }))
await auth.start()
document.title = 'started'`,
    { body: '<button id="redirect">Sign in</button><button id="popup">In a window</button>' },
  )
  const callback = page(`${client}
await handOverCallback(auth).catch(() => { document.title = 'failed' })`)
  return { home, callback }
}
