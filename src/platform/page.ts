/** The parts of the window that a sign-in needs. None is read before it is needed. */
export interface Page {
  readonly href: () => string
  /** The base that the browser resolves relative URLs against. */
  readonly base: () => string
  /** Replaces the address without a load; the state of the history entry stays. */
  readonly replaceHref: (href: string) => void
  readonly navigate: (url: string) => void
  /** Whether the page was loaded because the user went back or forward. */
  readonly isTraversed: () => boolean
  readonly isReloaded: () => boolean
  /** Whether another page led here, as far as the browser tells. */
  readonly isReferred: () => boolean
  /** Whether the page is inside a frame of another origin. */
  readonly isFramed: () => boolean
  /** Resolves at once, or when a prerendered page is shown. */
  readonly whenShown: () => Promise<void>
  readonly readCookie: (name: string) => string | null
  /** Keeps a value for as long as the browser session, readable by this origin's pages. */
  readonly writeCookie: (name: string, value: string) => void
  readonly readTabItem: (name: string) => string | null
  readonly writeTabItem: (name: string, value: string) => void
  /** Reads an item that all tabs of the origin share; it stays until it is removed. */
  readonly readSharedItem: (name: string) => string | null
  readonly writeSharedItem: (name: string, value: string) => void
  /** Listens until the returned function is called. */
  readonly on: (event: PageEvent, task: () => void) => () => void
}

/**
 * `leaving`: the page begins to be left. `hidden`: it goes away, perhaps for ever. `restored`: it is
 * shown again out of the back/forward cache. `visible`: it came to the front, or was thawed. `online`:
 * the network is back. `acted`: the user clicked or typed. `navigator.userActivation` cannot tell,
 * because Firefox passes it on from page to page without the user.
 */
export type PageEvent = 'leaving' | 'hidden' | 'restored' | 'visible' | 'online' | 'acted'

/** Returns the window that this code runs in. */
export function createPage(): Page {
  // On a server that renders an app there is no page, and nobody is signed in.
  const href = () => globalThis.location?.href ?? 'https://server.invalid/'
  return {
    href,
    base: () => textOr(globalThis.document?.baseURI, href),
    replaceHref: replaceAddress,
    navigate: (url) => location.assign(url),
    isTraversed: () => navigationType() === 'back_forward',
    isReloaded: () => navigationType() === 'reload',
    // A page that is reloaded still has the referrer of its first load.
    isReferred: () => navigationType() === 'navigate' && !!document.referrer,
    // Neither on a server nor in a worker is there a frame.
    isFramed: () => !!globalThis.document && orNull(() => top?.location.origin) !== location.origin,
    async whenShown() {
      const { prerendering } = (globalThis.document ?? {}) as { prerendering?: unknown }
      // An element of that name takes the place of the property.
      if (prerendering !== true) return
      await new Promise((resolve) => {
        document.addEventListener('prerenderingchange', resolve)
      })
    },
    readCookie: (name) =>
      orNull(() => {
        const entry = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`))
        return entry?.slice(name.length + 1)
      }),
    writeCookie: (name, value) => {
      orNull(() => {
        const secure = location.protocol === 'https:' ? '; Secure' : ''
        // biome-ignore lint/suspicious/noDocumentCookie: other tabs have to see it at once, and the Cookie Store API is asynchronous
        document.cookie = `${name}=${value}; Path=/; SameSite=Strict${secure}`
      })
    },
    readTabItem: (name) => orNull(() => sessionStorage.getItem(name)),
    writeTabItem: (name, value) => orNull(() => writeItem(sessionStorage, name, value)),
    readSharedItem: (name) => orNull(() => localStorage.getItem(name)),
    writeSharedItem: (name, value) => orNull(() => writeItem(localStorage, name, value)),
    on: listen,
  }
}

/** Returns how the page was loaded; `undefined` if the browser does not say. */
export function navigationType(): NavigationTimingType | undefined {
  const entry = orNull(() => performance.getEntriesByType('navigation')[0])
  return (entry as PerformanceNavigationTiming | null)?.type
}

/**
 * Replaces the path, query and fragment of the address by those of `href`, without a load. The rest
 * comes from `document.URL`, which alone has the user info that a link may contain: without that,
 * or with an address that a `<base>` leads to, the browser would refuse the address as another
 * site's. If the browser refuses all the same, as WebKit does after a hundred times, the address
 * stays and the sign-in goes on.
 */
export function replaceAddress(href: string): void {
  const { pathname, search, hash } = new URL(href)
  const address = textOr(document.URL, () => location.href)
  const own = Object.assign(new URL(address), { pathname, search, hash })
  orNull(() => history.replaceState(history.state, '', own.href))
}

const EVENTS: Readonly<Record<PageEvent, readonly string[]>> = {
  leaving: ['beforeunload'],
  hidden: ['pagehide'],
  restored: ['pageshow'],
  visible: ['visibilitychange', 'resume'],
  online: ['online'],
  acted: ['click', 'keydown'],
}

function listen(event: PageEvent, task: () => void): () => void {
  const stop = new AbortController()
  const heed = (happened: Event) => {
    if (event === 'restored' && !(happened as PageTransitionEvent).persisted) return
    if (happened.type === 'visibilitychange' && document.hidden) return
    if (event === 'acted' && !happened.isTrusted) return
    task()
  }
  for (const name of EVENTS[event]) {
    // The document's own events reach the window as well.
    globalThis.addEventListener?.(name, heed, { signal: stop.signal, capture: true })
  }
  return () => stop.abort()
}

/** A property of the document, unless a form or an image of that name takes its place. */
function textOr(value: unknown, otherwise: () => string): string {
  return typeof value === 'string' ? value : otherwise()
}

/** Stores an item; an empty value removes it. */
function writeItem(storage: Storage, name: string, value: string): void {
  if (value) storage.setItem(name, value)
  else storage.removeItem(name)
}

/** Returns the value, or `null` if there is none, or if the browser blocks storage and throws. */
function orNull<Value>(read: () => Value): NonNullable<Value> | null {
  try {
    return read() ?? null
  } catch {
    return null
  }
}
