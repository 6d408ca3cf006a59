/**
 * Where the app may be brought back to: a URL of this origin, in parsed form. Anything else, such as
 * another origin in any disguise, becomes `/`.
 */
export function returnUrl(value: unknown, page: string): string {
  const { origin } = new URL(page)
  if (typeof value === 'string' && URL.canParse(value, page)) {
    const url = new URL(value, page)
    if (url.origin === origin && /^https?:$/.test(url.protocol) && !url.username && !url.password) {
      return url.href
    }
  }
  return `${origin}/`
}
