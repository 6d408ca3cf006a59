import type { BrowserContext, Page } from 'playwright-core'

/** Everything a page says where others could listen. */
export interface Observed {
  /** Calls of `console`, and what the browser itself writes there. */
  readonly console: readonly { readonly type: string; readonly text: string }[]
  /** Uncaught exceptions and unhandled rejections. */
  readonly errors: readonly string[]
  /** What the content security policy refused. */
  readonly violations: readonly string[]
  readonly requests: readonly ObservedRequest[]
  /** Each address that a frame has had, with its fragment. */
  readonly addresses: readonly string[]
  /** The places that mention a string, in plain or percent-encoded: for values that must not leak. */
  mentions(secret: string): string[]
}

export interface ObservedRequest {
  readonly method: string
  /** Without its fragment. */
  readonly url: string
  /** `document`, `script`, `fetch`, … */
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
}

/** The same, to be added to. */
export interface Observations extends Observed {
  readonly console: { readonly type: string; readonly text: string }[]
  readonly errors: string[]
  readonly violations: string[]
  readonly requests: ObservedRequest[]
  readonly addresses: string[]
}

const VIOLATION = /violates the following (Content Security Policy )?directive/
/** Chromium's remark where a driver has filled in a form before the page could put the focus there. */
const AUTOFOCUS =
  'Autofocus processing was blocked because a document already has a focused element.'

/** Listens to a profile from now on, in all its pages, popups and frames. */
export function observe(context: BrowserContext): Observed {
  const observations = collectObservations()
  const { console, errors, violations, requests, addresses } = observations
  context.on('console', (message) => {
    const text = message.text()
    if (VIOLATION.test(text)) violations.push(text)
    else if (text !== AUTOFOCUS) console.push({ type: message.type(), text })
  })
  context.on('weberror', (error) => {
    const text = messageOf(error.error())
    if (VIOLATION.test(text)) violations.push(text)
    else errors.push(text)
  })
  context.on('request', (request) => {
    requests.push({
      method: request.method(),
      url: request.url(),
      type: request.resourceType(),
      headers: request.headers(),
    })
  })
  const follow = (page: Page) => page.on('framenavigated', (frame) => addresses.push(frame.url()))
  context.pages().forEach(follow)
  context.on('page', follow)
  return observations
}

/** Nothing observed yet. */
export function collectObservations(): Observations {
  const observations: Observations = {
    console: [],
    errors: [],
    violations: [],
    requests: [],
    addresses: [],
    mentions(secret) {
      const { console, errors, addresses, requests } = observations
      const places = [
        ...console.map(({ type, text }) => [`console.${type}`, text] as const),
        ...errors.map((text) => ['error', text] as const),
        ...addresses.map((url) => ['address', url] as const),
        ...requests.map(({ method, url }) => [`request ${method}`, url] as const),
        ...requests.map(({ headers }) => ['referer', headers.referer ?? ''] as const),
      ]
      const spellings = [secret, encodeURIComponent(secret)]
      return places
        .filter(([, value]) => spellings.some((spelling) => value.includes(spelling)))
        .map(([place, value]) => `${place}: ${value}`)
    },
  }
  return observations
}

function messageOf(error: Error): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
