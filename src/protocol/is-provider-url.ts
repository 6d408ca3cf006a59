import { parseUrl } from './parse-url.js'

/** Whether a URL is on this machine (loopback). */
export function isLoopback(url: string): boolean {
  return /^https?:\/\/(localhost|[^/]*\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/.test(url)
}

/**
 * Whether a URL may be used with a provider: absolute, `https:` (or `http:` on loopback if
 * `allowLoopback` is set), without user info and fragment.
 */
export function isProviderUrl(value: unknown, allowLoopback: boolean): value is string {
  const url = typeof value === 'string' && !value.includes('#') && parseUrl(value)
  if (!url) return false
  const { href, protocol, username, password } = url
  const secure = protocol === 'https:' || (allowLoopback && isLoopback(href))
  return secure && !username && !password
}
