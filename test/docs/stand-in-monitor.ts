/** Stands for a script that reports what a page does: with all that such scripts are known to take along. */

declare global {
  /** What it would have sent. */
  var reported: unknown[]
}

globalThis.reported = []

const report = (...about: unknown[]) => void reported.push(about)

/** Begins to watch the page. */
export function init(): void {
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    report('request', request.url, [...request.headers], await request.clone().text())
    const response = await fetch(request)
    report('response', response.url, [...response.headers], await response.clone().text())
    return response
  }
  const { pushState, replaceState } = history
  Object.assign(history, {
    pushState(...given: Parameters<History['pushState']>) {
      report('from', location.href, 'to', given[2])
      pushState.apply(history, given)
    },
    replaceState(...given: Parameters<History['replaceState']>) {
      report('from', location.href, 'to', given[2])
      replaceState.apply(history, given)
    },
  })
  new PerformanceObserver((list) => report('timeline', list.getEntries())).observe({
    entryTypes: ['navigation', 'resource'],
  })
  report('page', location.href, document.referrer, performance.getEntries())
}

export const browserTracingIntegration = (): void => {}
export const replayIntegration = (): void => {}

/** Reports an error with all that it has. */
export function captureException(error: unknown): void {
  report('error', String(error), (error as Error | null)?.stack, error)
}
