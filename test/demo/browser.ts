/** A page or redirect, as far as a test looks at it. */
export interface Visit {
  url: URL
  status: number
  headers: Headers
  body: string
}

export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Visit>
  post(url: string, fields: Record<string, string>): Promise<Visit>
  cookies: Map<string, string>
}

/** A browser in miniature: cookies by host name, as real ones keep them, and no redirect on its own. */
export function openBrowser(): Browser {
  const cookies = new Map<string, string>()
  async function visit(url: string, init: RequestInit): Promise<Visit> {
    const { hostname } = new URL(url)
    const own = [...cookies].filter(([key]) => key.startsWith(`${hostname} `))
    const cookie = own.map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), cookie }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') cookies.delete(`${hostname} ${name}`)
      else cookies.set(`${hostname} ${name}`, value)
    }
    const { status } = response
    return { url: new URL(url), status, headers: response.headers, body: await response.text() }
  }
  return {
    cookies,
    get: (url, headers = {}) => visit(url, { headers }),
    post: (url, fields) =>
      visit(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: new URL(url).origin },
      }),
  }
}

/** Where a redirect leads, made absolute. */
export function locationOf({ url, headers }: Visit): URL {
  return new URL(headers.get('location') ?? '', url)
}

/** The hidden fields of the form on a page. */
export function hiddenFields({ body }: Visit): Record<string, string> {
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, unescapeHtml(value ?? '')]))
}

/** The first heading of a page. */
export function headingOf({ body }: Visit): string {
  return unescapeHtml(/<h1>([^<]*)<\/h1>/.exec(body)?.[1] ?? '')
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
}
