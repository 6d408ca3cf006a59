/** What {@link watchPage} reports. */
export type Report =
  | { readonly kind: 'console'; readonly type: string; readonly text: string }
  | { readonly kind: 'error' | 'violation' | 'address'; readonly text: string }

/**
 * Runs in a page before anything else, and tells the proxy what there is to observe. It does so at
 * once (a synchronous request), so that nothing is lost when the page leaves.
 */
export function watchPage(url: string): void {
  // Before the page can change them.
  const [NativeRequest, stringify] = [XMLHttpRequest, JSON.stringify]
  const beacon = navigator.sendBeacon.bind(navigator)
  const report = (entry: Report) => {
    const body = stringify(entry)
    try {
      const request = new NativeRequest()
      request.open('POST', url, false)
      request.send(body)
    } catch {
      // A page that is on its way out may not wait.
      beacon(url, body)
    }
  }
  const textOf = (value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : String(value)

  for (const method of [
    'debug',
    'error',
    'info',
    'log',
    'trace',
    'warn',
    'dir',
    'table',
  ] as const) {
    const native = console[method] as (...values: unknown[]) => void
    const type = method === 'warn' ? 'warning' : method
    console[method] = (...values: unknown[]) => {
      report({ kind: 'console', type, text: values.map(textOf).join(' ') })
      native.apply(console, values)
    }
  }
  addEventListener('error', ({ error, message }) => {
    if (error ?? message) report({ kind: 'error', text: error ? textOf(error) : message })
  })
  addEventListener('unhandledrejection', ({ reason }) => {
    report({ kind: 'error', text: textOf(reason) })
  })
  document.addEventListener('securitypolicyviolation', (violation) => {
    const { effectiveDirective, blockedURI, sample } = violation
    report({ kind: 'violation', text: `${effectiveDirective} refuses ${blockedURI} ${sample}` })
  })
  const follow = () => report({ kind: 'address', text: location.href })
  for (const method of ['pushState', 'replaceState'] as const) {
    const native = history[method]
    history[method] = (...given) => {
      native.apply(history, given)
      follow()
    }
  }
  addEventListener('hashchange', follow)
  // The proxy knows the rest of the address.
  if (location.hash) follow()
  document.currentScript?.remove()
}
