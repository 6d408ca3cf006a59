/** How the user came to this page. */
export type Arrival =
  /** The tenant sent a code. */
  | 'code'
  /** The tenant sent an error. */
  | 'refusal'
  /** The tenant has ended its session. */
  | 'signed-out'
  /** The page was loaded again. */
  | 'reload'
  /** Any other way. */
  | 'visit'

/** Tells the way by the address. Has to be asked before `auth.start()`, which cleans the address. */
export function readArrival(location: Location): Arrival {
  const parameters = new URLSearchParams(location.search)
  if (location.pathname === '/callback' && parameters.has('error')) return 'refusal'
  if (location.pathname === '/callback' && parameters.has('code')) return 'code'
  if (location.pathname === '/signed-out') return 'signed-out'
  const [navigation] = performance.getEntriesByType('navigation')
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload'
    ? 'reload'
    : 'visit'
}
