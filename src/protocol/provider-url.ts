/** Whether a host names this very machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/**
 * An address that may be used with a provider: absolute, `https:` (or `http:` on loopback where
 * `allowLoopback` says so), without user info and fragment. `undefined` for any other.
 */
export function parseProviderUrl(value: unknown, allowLoopback: boolean): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const url = new URL(value)
  const secure =
    url.protocol === 'https:' ||
    (allowLoopback && url.protocol === 'http:' && isLoopback(url.hostname))
  return secure && !url.username && !url.password && !value.includes('#') ? url : undefined
}
