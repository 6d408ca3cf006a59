/** Everything the package wants of the browser. Nothing is looked up before it is asked for. */
export interface Platform {
  readonly now: () => number
  readonly random: () => number
  /** Runs `task` after `delay` milliseconds, however long; returns the function that cancels it. */
  readonly schedule: (delay: number, task: () => void) => () => void
  readonly fetch: () => typeof fetch
  readonly indexedDb: () => IDBFactory | undefined
  readonly locks: () => LockManager | undefined
  readonly connect: (name: string) => (() => BroadcastChannel) | undefined
  readonly page: Page
}

/** The window, as far as a sign-in needs one. */
export interface Page {
  readonly href: () => string
  /** Replaces the address without a load; the entry's state stays. */
  readonly replaceHref: (href: string) => void
  readonly navigate: (url: string) => void
  /** Whether the user has just clicked or typed. */
  readonly isUserActive: () => boolean
  readonly isOnline: () => boolean
  readonly isSecure: () => boolean
  readonly isFramedByStranger: () => boolean
  /** Resolves at once, or when a prerendered page is shown. */
  readonly whenShown: () => Promise<void>
  readonly readCookie: (name: string) => string | null
  readonly writeCookie: (name: string, value: string) => void
  readonly readTabItem: (name: string) => string | null
  readonly writeTabItem: (name: string, value: string) => void
  readonly on: (event: PageEvent, task: () => void) => () => void
}

/**
 * `hidden`: the page goes away, perhaps for ever. `restored`: it is shown again out of the
 * back/forward cache, or thawed. `visible`: it came to the front. `online`: the network is back.
 */
export type PageEvent = 'hidden' | 'restored' | 'visible' | 'online'

const LONGEST_TIMER = 2 ** 31 - 1

/** The browser that this runs in. */
export function createBrowserPlatform(): Platform {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    schedule,
    fetch: () => globalThis.fetch.bind(globalThis),
    indexedDb: () => guard(() => globalThis.indexedDB) ?? undefined,
    locks: () => guard(() => navigator.locks) ?? undefined,
    connect: (name) =>
      typeof BroadcastChannel === 'function' ? () => new BroadcastChannel(name) : undefined,
    page: {
      // There is no page where an app is rendered on a server: nobody is signed in there.
      href: () => (typeof location === 'object' ? location.href : 'https://server.invalid/'),
      replaceHref: (href) => history.replaceState(history.state, '', href),
      navigate: (url) => location.assign(url),
      isUserActive: () => navigator.userActivation?.isActive ?? false,
      isOnline: () => navigator.onLine !== false,
      isSecure: () => globalThis.isSecureContext !== false && typeof crypto?.subtle === 'object',
      isFramedByStranger,
      whenShown,
      readCookie: (name) =>
        guard(() =>
          document.cookie.split('; ').find((entry) => entry.startsWith(`${name}=`)),
        )?.slice(name.length + 1) ?? null,
      writeCookie: (name, value) => {
        const secure = location.protocol === 'https:' ? '; Secure' : ''
        guard(() => {
          document.cookie = `${name}=${value}; Path=/; SameSite=Strict${secure}`
        })
      },
      readTabItem: (name) => guard(() => sessionStorage.getItem(name)) ?? null,
      writeTabItem: (name, value) => guard(() => sessionStorage.setItem(name, value)),
      on: listen,
    },
  }
}

/** A timer of any length: browsers fire one beyond 2^31 ms at once. */
function schedule(delay: number, task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const arm = (left: number) => {
    const step = Math.min(Math.max(left, 0), LONGEST_TIMER)
    timer = setTimeout(() => (left > step ? arm(left - step) : task()), step)
  }
  arm(delay)
  return () => clearTimeout(timer)
}

function listen(event: PageEvent, task: () => void): () => void {
  if (typeof document !== 'object') return () => {}
  const stop = new AbortController()
  const { signal } = stop
  if (event === 'hidden') addEventListener('pagehide', task, { signal })
  if (event === 'online') addEventListener('online', task, { signal })
  if (event === 'restored') {
    addEventListener('pageshow', ({ persisted }) => persisted && task(), { signal })
    document.addEventListener('resume', task, { signal })
  }
  if (event === 'visible') {
    const check = () => document.visibilityState === 'visible' && task()
    document.addEventListener('visibilitychange', check, { signal })
  }
  return () => stop.abort()
}

async function whenShown(): Promise<void> {
  if (!(document as { prerendering?: boolean }).prerendering) return
  await new Promise((resolve) => {
    document.addEventListener('prerenderingchange', resolve, { once: true })
  })
}

function isFramedByStranger(): boolean {
  try {
    return top !== window && top?.location.origin !== location.origin
  } catch {
    return true
  }
}

/** What a browser that blocks storage throws, counts as absent. */
function guard<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
