/** Whether a URL is on this machine (loopback). */
export function isLoopback(url: string): boolean {
  return /^https?:\/\/(localhost|[^/]*\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(url)
}

/**
 * Whether a URL may be used with a provider: absolute, `https:` (or `http:` on loopback if
 * `allowLoopback` is set), without user info and fragment.
 */
export function isProviderUrl(value: unknown, allowLoopback: boolean): value is string {
  if (typeof value !== 'string' || !URL.canParse(value) || value.includes('#')) return false
  const { href, protocol, username, password } = new URL(value)
  const secure = protocol === 'https:' || (allowLoopback && isLoopback(href))
  return secure && !username && !password
}
