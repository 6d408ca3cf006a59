import type { NewEvent } from './create-timeline.js'

const EXCHANGES: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/\/\.well-known\/openid-configuration$/i, 'Read where the tenant does what'],
  [/\/oauth2\/token\//i, 'Exchanged the code for tokens'],
  [/\/oauth2\/keys\//i, 'Fetched the tenant’s public keys'],
]

/**
 * The requests that a sign-in made to the tenant, as the browser itself measured them. Addresses
 * of these endpoints hold no secret; codes and tokens travel in bodies, which are not to be seen.
 *
 * @param since - By the clock of `performance`: what was requested before is not looked at.
 */
export function readExchanges(since = 0): readonly NewEvent[] {
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return entries.flatMap((entry) => {
    if (entry.startTime < since) return []
    const path = new URL(entry.name).pathname
    const title = EXCHANGES.find(([pattern]) => pattern.test(path))?.[1]
    if (!title) return []
    const at = Math.round(performance.timeOrigin + entry.responseEnd)
    return [{ kind: 'check', tone: 'plain', title, at, detail: `${Math.round(entry.duration)} ms` }]
  })
}
