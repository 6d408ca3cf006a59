import { createStore, type Store } from './store.js'

/** A page of the app; `lost` is an address that leads nowhere. */
export type View = 'overview' | 'accounts' | 'activity' | 'password' | 'lost'

/** Addresses of the views. */
export const PATHS: Readonly<Record<Exclude<View, 'lost'>, string>> = {
  overview: '/',
  accounts: '/accounts',
  activity: '/activity',
  password: '/password',
}

/** Which view is shown, kept in step with the address. */
export interface Router {
  readonly view: Store<View>
  /** Goes to a view of this app. */
  readonly go: (view: Exclude<View, 'lost'>) => void
  /** Reads the address again, after somebody else has replaced it. */
  readonly sync: () => void
}

/** Makes the router. */
export function createRouter(): Router {
  const view = createStore(readView(location.pathname))
  const sync = () => view.set(readView(location.pathname))
  addEventListener('popstate', sync)
  return {
    view,
    sync,
    go(next) {
      if (location.pathname !== PATHS[next]) history.pushState(null, '', PATHS[next])
      sync()
      scrollTo(0, 0)
    },
  }
}

/** The tenant sends users to these two; they show the overview once they have done their work. */
const PASSAGES = ['/callback', '/signed-out']

function readView(path: string): View {
  if (PASSAGES.includes(path)) return 'overview'
  const [known] = Object.entries(PATHS).find(([, address]) => address === path) ?? ['lost']
  return known as View
}

/** Leaves an address that only the tenant sends users to. */
export function leavePassage(): void {
  if (PASSAGES.includes(location.pathname)) history.replaceState(null, '', PATHS.overview)
}
