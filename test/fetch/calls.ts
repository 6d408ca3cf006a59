/** `fetch` as JavaScript sees it, which gives it what it likes. */
type UncheckedFetch = (input: unknown, init?: unknown) => Promise<Response>

/** A call of `fetch`, to be made in the page. It stands for itself: nothing from outside is used. */
export type Call = (fetch: UncheckedFetch, url: string) => Promise<unknown>

/** What the page has to offer to a {@link Call}. */
declare global {
  /** Everything a caller can see of a response. */
  var lookAt: (response: Response) => Promise<unknown>
  /** Resolves when a request for this address has arrived. */
  var arrivalOf: (url: string) => Promise<void>
  var bytes: (length: number) => Uint8Array<ArrayBuffer>
}

/** The source of the page's helpers. */
export const HELPERS = `
globalThis.lookAt = async (response) => {
  const { status, statusText, ok, url, redirected, type, bodyUsed } = response
  const headers = [...response.headers]
  const hasBody = response.body !== null
  const body = [...new Uint8Array(await response.arrayBuffer())]
  return { status, statusText, ok, url, redirected, type, bodyUsed, headers, hasBody, body }
}
const native = fetch
globalThis.arrivalOf = async (url) => {
  const { origin, pathname } = new URL(url)
  await native(origin + '/arrival-of' + pathname)
}
globalThis.bytes = (length) => Uint8Array.from({ length }, (_, index) => (index * 7) % 256)
`

/** Calls that native `fetch` and `auth.fetch` have to answer alike, but for the Authorization header. */
export const CALLS: Readonly<Record<string, Call>> = {
  'what a function says of itself': async ({ name, length }) => [name, length],

  // The forms of the first argument.
  'a string': async (fetch, url) => lookAt(await fetch(`${url}/x?q=1&q=2#fragment`)),
  'a URL': async (fetch, url) => lookAt(await fetch(new URL(`${url}/x?q=%20+`))),
  'a Request': async (fetch, url) => lookAt(await fetch(new Request(`${url}/x`))),
  'an object that says its address': async (fetch, url) =>
    lookAt(await fetch({ toString: () => `${url}/x` })),
  'a Location-like anchor': async (fetch, url) => {
    const anchor = document.createElement('a')
    anchor.href = `${url}/x`
    return lookAt(await fetch(anchor))
  },
  'no init at all': async (fetch, url) => lookAt(await fetch(url, undefined)),
  'init is null': async (fetch, url) => lookAt(await fetch(url, null)),
  'an empty init': async (fetch, url) => lookAt(await fetch(url, {})),
  'an init without prototype': async (fetch, url) =>
    lookAt(await fetch(url, Object.assign(Object.create(null), { method: 'POST', body: 'x' }))),
  'an init with inherited members': async (fetch, url) =>
    lookAt(await fetch(url, Object.create({ method: 'PUT', body: 'inherited' }))),

  // Methods.
  'method GET': async (fetch, url) => lookAt(await fetch(url, { method: 'GET' })),
  'method get, in lower case': async (fetch, url) => lookAt(await fetch(url, { method: 'get' })),
  'method HEAD': async (fetch, url) => lookAt(await fetch(url, { method: 'HEAD' })),
  'method OPTIONS': async (fetch, url) => lookAt(await fetch(url, { method: 'OPTIONS' })),
  'method POST without a body': async (fetch, url) => lookAt(await fetch(url, { method: 'POST' })),
  'method PUT': async (fetch, url) => lookAt(await fetch(url, { method: 'PUT', body: 'x' })),
  'method PATCH': async (fetch, url) => lookAt(await fetch(url, { method: 'PATCH', body: 'x' })),
  'method patch, in lower case': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'patch', body: 'x' })),
  'method DELETE': async (fetch, url) => lookAt(await fetch(url, { method: 'DELETE' })),
  'method DELETE with a body': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'DELETE', body: 'x' })),
  'a method of their own': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'QUERY', body: 'x' })),
  'method TRACE': (fetch, url) => fetch(url, { method: 'TRACE' }),
  'method CONNECT': (fetch, url) => fetch(url, { method: 'CONNECT' }),
  'a method that is no token': (fetch, url) => fetch(url, { method: 'a b' }),
  'GET with a body': (fetch, url) => fetch(url, { method: 'GET', body: 'x' }),
  'HEAD with a body': (fetch, url) => fetch(url, { method: 'HEAD', body: '' }),

  // Bodies.
  'body: a string': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: 'grüße \u{1F511} \ud800' })),
  'body: an empty string': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: '' })),
  'body: null': async (fetch, url) => lookAt(await fetch(url, { method: 'POST', body: null })),
  'body: a number': async (fetch, url) => lookAt(await fetch(url, { method: 'POST', body: 42 })),
  'body: an object': async (fetch, url) => lookAt(await fetch(url, { method: 'POST', body: {} })),
  'body: an object whose tag must not be read': async (fetch, url) => {
    const body = {
      toString: () => 'mine',
      get [Symbol.toStringTag](): string {
        throw new RangeError('It was read.')
      },
    }
    return lookAt(await fetch(url, { method: 'POST', body: body as never }))
  },
  'body: URLSearchParams': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        method: 'POST',
        body: new URLSearchParams([
          ['a', 'ä b'],
          ['a', ''],
        ]),
      }),
    ),
  'body: a Blob with a type': async (fetch, url) =>
    lookAt(
      await fetch(url, { method: 'POST', body: new Blob([bytes(999)], { type: 'image/png' }) }),
    ),
  'body: a Blob without a type': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: new Blob([bytes(9)]) })),
  'body: a File': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        method: 'PUT',
        body: new File([bytes(99)], 'a.txt', { type: 'text/plain' }),
      }),
    ),
  'body: FormData': async (fetch, url) => {
    const body = new FormData()
    body.append('name', 'ä "b"\r\nc')
    body.append('file', new File([bytes(500)], 'ü "x".bin', { type: 'application/x-own' }))
    body.append('file', new Blob(['second']))
    return lookAt(await fetch(url, { method: 'POST', body }))
  },
  'body: FormData without an entry': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: new FormData() })),
  'body: an ArrayBuffer': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: bytes(300).buffer })),
  'body: a part of a buffer': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: bytes(300).subarray(10, 20) })),
  'body: a typed array of words': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: new Uint16Array([1, 2, 65535]) })),
  'body: a DataView': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: new DataView(bytes(300).buffer, 5, 7) })),
  'body: a large one': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: bytes(3_000_000) })),
  'body: changed after the call': async (fetch, url) => {
    const body = bytes(30)
    const called = fetch(url, { method: 'POST', body })
    body.fill(0)
    return lookAt(await called)
  },
  'a content type of their own': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        method: 'POST',
        body: '{}',
        headers: { 'Content-Type': 'application/json;charset=x' },
      }),
    ),

  // Headers.
  'headers: an object': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        headers: { 'X-Own': ' a ', Accept: 'text/csv', 'accept-language': 'la' },
      }),
    ),
  'headers: pairs, one twice': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        headers: [
          ['x-own', 'a'],
          ['X-OWN', 'b'],
        ],
      }),
    ),
  'headers: Headers, left alone': async (fetch, url) => {
    const headers = new Headers({ 'x-own': 'a' })
    const seen = await lookAt(await fetch(url, { headers }))
    return [seen, ...headers]
  },
  'headers: forbidden ones': async (fetch, url) =>
    lookAt(await fetch(url, { headers: { cookie: 'a=b', host: 'evil.example', 'sec-own': 'x' } })),
  'headers: a bad name': (fetch, url) => fetch(url, { headers: { 'a b': 'c' } }),
  'headers: a bad value': (fetch, url) => fetch(url, { headers: { a: 'b\nc' } }),
  'headers: a value beyond Latin-1': (fetch, url) => fetch(url, { headers: { a: '\u0100' } }),

  // Init over Request.
  'init over Request: method and body': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'of the request' })
    const seen = await lookAt(await fetch(request, { method: 'PUT', body: 'of init' }))
    return [seen, request.bodyUsed, request.method]
  },
  'init over Request: headers replace all': async (fetch, url) => {
    const request = new Request(url, { headers: { 'x-a': '1', 'x-b': '2' } })
    const seen = await lookAt(await fetch(request, { headers: { 'x-b': '3' } }))
    return [seen, ...request.headers]
  },
  'a Request with a body is used up': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'once' })
    const called = fetch(request)
    const usedAtOnce = request.bodyUsed
    const seen = await lookAt(await called)
    return [seen, usedAtOnce, request.bodyUsed, ...request.headers]
  },
  'a Request without a body is not used up': async (fetch, url) => {
    const request = new Request(url, { headers: { 'x-own': 'a' } })
    const seen = [await lookAt(await fetch(request)), await lookAt(await fetch(request))]
    return [seen, request.bodyUsed, ...request.headers]
  },
  'a clone of a Request': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'twice' })
    const seen = await lookAt(await fetch(request.clone()))
    return [seen, request.bodyUsed, await lookAt(await fetch(request))]
  },
  'a Request that was used': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'once' })
    await request.text()
    return fetch(request)
  },
  'a Request that was used, with another body': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'once' })
    await request.text()
    return lookAt(await fetch(request, { body: 'another' }))
  },
  'a Request whose body somebody reads': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'once' })
    request.body?.getReader()
    return fetch(request)
  },
  'a subclass of Request': async (fetch, url) => {
    class Own extends Request {}
    return lookAt(await fetch(new Own(url, { method: 'POST', body: 'own' })))
  },
  'a subclass of Request that answers otherwise': async (fetch, url) => {
    class Own extends Request {
      override get url() {
        return 'https://elsewhere.example/'
      }
      override get method(): never {
        throw new RangeError('mine')
      }
      override get headers(): never {
        throw new RangeError('mine')
      }
      override get signal(): never {
        throw new RangeError('mine')
      }
      override clone(): never {
        throw new RangeError('mine')
      }
    }
    return lookAt(await fetch(new Own(url, { method: 'POST', body: 'own' })))
  },
  'a Request of another realm': async (fetch, url) => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const realm = frame.contentWindow as Window & typeof globalThis
    const request = new realm.Request(url, { method: 'POST', body: 'from a frame' })
    const seen = await lookAt(await fetch(request))
    frame.remove()
    return seen
  },
  'members of init are read at once': async (fetch, url) => {
    const reads = new Set<string>()
    const values: Record<string, unknown> = { method: 'POST', body: 'x', headers: { 'x-own': '1' } }
    const names = [
      'method',
      'body',
      'headers',
      'credentials',
      'cache',
      'signal',
      'keepalive',
      'mode',
    ]
    const init = {}
    for (const name of names) {
      Object.defineProperty(init, name, {
        get: () => {
          reads.add(name)
          return values[name]
        },
      })
    }
    const called = fetch(url, init)
    const atOnce = [...reads].sort()
    values.method = 'DELETE'
    return [await lookAt(await called), atOnce]
  },
  'init changed after the call': async (fetch, url) => {
    const headers = new Headers({ 'x-own': 'before' })
    const init: RequestInit = { method: 'POST', body: 'before', headers }
    const called = fetch(url, init)
    init.method = 'DELETE'
    init.body = 'after'
    headers.set('x-own', 'after')
    return lookAt(await called)
  },
  'the address is read once': async (fetch, url) => {
    let reads = 0
    const seen = await lookAt(await fetch({ toString: () => `${url}/read-${++reads}` }))
    return [seen, reads]
  },

  'members that somebody put on Object.prototype, and no init': async (fetch, url) => {
    const members = {
      method: 'DELETE',
      headers: { 'x-own': 'not mine' },
      body: 'not mine',
      mode: 'same-origin',
      credentials: 'omit',
      cache: 'reload',
      integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      signal: AbortSignal.abort('not mine'),
      priority: 'nonsense',
      duplex: 'nonsense',
      window: 'nonsense',
    }
    const seen = []
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
      const called = fetch(`${url}/${name}`).then(lookAt, String)
      Reflect.deleteProperty(Object.prototype, name)
      seen.push(await called)
    }
    return seen
  },
  'members that somebody put on Object.prototype, and an init of its own': async (fetch, url) => {
    const init = Object.assign(Object.create(null), { method: 'POST', body: 'mine' })
    Object.defineProperty(Object.prototype, 'headers', {
      value: { 'x-own': 'not mine' },
      configurable: true,
    })
    const called = fetch(url, init)
    Reflect.deleteProperty(Object.prototype, 'headers')
    return lookAt(await called)
  },

  // Members that steer the request.
  'credentials: omit': async (fetch, url) => lookAt(await fetch(url, { credentials: 'omit' })),
  'credentials: same-origin': async (fetch, url) =>
    lookAt(await fetch(url, { credentials: 'same-origin' })),
  'credentials: include': async (fetch, url) => {
    await fetch(`${url}/cookie`, { credentials: 'include' })
    return lookAt(await fetch(url, { credentials: 'include' }))
  },
  'cache: no-store': async (fetch, url) => lookAt(await fetch(url, { cache: 'no-store' })),
  'cache: reload': async (fetch, url) => lookAt(await fetch(url, { cache: 'reload' })),
  'cache: no-cache': async (fetch, url) => lookAt(await fetch(url, { cache: 'no-cache' })),
  'cache: force-cache, twice': async (fetch, url) => [
    await lookAt(await fetch(`${url}/cached`)),
    await lookAt(await fetch(`${url}/cached`, { cache: 'force-cache' })),
  ],
  'cache: only-if-cached of another origin': (fetch, url) =>
    fetch(url, { cache: 'only-if-cached' }),
  'mode: cors': async (fetch, url) => lookAt(await fetch(url, { mode: 'cors' })),
  'mode: same-origin, elsewhere': (fetch, url) => fetch(url, { mode: 'same-origin' }),
  'mode: navigate': (fetch, url) => fetch(url, { mode: 'navigate' }),
  'mode: nonsense': (fetch, url) => fetch(url, { mode: 'nonsense' }),
  'referrer: an address of the page': async (fetch, url) =>
    lookAt(await fetch(url, { referrer: '/somewhere?secret', referrerPolicy: 'unsafe-url' })),
  'referrer: none': async (fetch, url) => lookAt(await fetch(url, { referrer: '' })),
  'referrer: another origin': async (fetch, url) =>
    lookAt(await fetch(url, { referrer: 'https://elsewhere.example/' })),
  'referrer of a Request': async (fetch, url) =>
    lookAt(await fetch(new Request(url, { referrer: '/of-it', referrerPolicy: 'unsafe-url' }))),
  'referrerPolicy: no-referrer': async (fetch, url) =>
    lookAt(await fetch(url, { referrerPolicy: 'no-referrer' })),
  'referrerPolicy: unsafe-url': async (fetch, url) =>
    lookAt(await fetch(url, { referrerPolicy: 'unsafe-url' })),
  'referrerPolicy: origin': async (fetch, url) =>
    lookAt(await fetch(url, { referrerPolicy: 'origin' })),
  'integrity that holds': async (fetch, url) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a{}'))
    const integrity = `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
    return lookAt(await fetch(`${url}/sheet`, { integrity }))
  },
  'integrity that does not hold': (fetch, url) =>
    fetch(`${url}/sheet`, { integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
  'priority: low': async (fetch, url) => lookAt(await fetch(url, { priority: 'low' })),
  'priority: high': async (fetch, url) => lookAt(await fetch(url, { priority: 'high' })),
  'priority of a Request': async (fetch, url) =>
    lookAt(await fetch(new Request(url, { priority: 'low' } as RequestInit))),
  'priority: nonsense': (fetch, url) => fetch(url, { priority: 'nonsense' }),
  'keepalive with a body': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: 'bye', keepalive: true })),
  'keepalive with a referrer': async (fetch, url) =>
    lookAt(
      await fetch(url, {
        method: 'POST',
        body: 'bye',
        keepalive: true,
        referrer: '/somewhere?secret',
        referrerPolicy: 'unsafe-url',
      }),
    ),
  'keepalive with too large a body': (fetch, url) =>
    fetch(url, { method: 'POST', body: bytes(70_000), keepalive: true }),
  'window: null': async (fetch, url) => lookAt(await fetch(url, { window: null })),
  'window: something': (fetch, url) => fetch(url, { window: {} }),
  'redirect: manual': async (fetch, url) =>
    lookAt(await fetch(`${url}/same`, { redirect: 'manual' })),
  'redirect: error': (fetch, url) => fetch(`${url}/same`, { redirect: 'error' }),
  'redirect: nonsense': (fetch, url) => fetch(url, { redirect: 'nonsense' }),

  // Signals.
  'a signal that never fires': async (fetch, url) =>
    lookAt(await fetch(url, { signal: new AbortController().signal })),
  'signal: null': async (fetch, url) => lookAt(await fetch(url, { signal: null })),
  'signal: nonsense': (fetch, url) => fetch(url, { signal: {} }),
  'aborted before': (fetch, url) => fetch(url, { signal: AbortSignal.abort() }),
  'aborted before, with a reason': async (fetch, url) =>
    fetch(url, { signal: AbortSignal.abort('not today') }).catch((reason) => ['reason', reason]),
  'aborted before, with a body': async (fetch, url) => {
    const request = new Request(url, { method: 'POST', body: 'x', signal: AbortSignal.abort(1) })
    return [await fetch(request).catch((reason) => reason), request.bodyUsed]
  },
  'aborted while under way': async (fetch, url) => {
    const controller = new AbortController()
    const called = fetch(`${url}/hanging`, { signal: controller.signal })
    await arrivalOf(`${url}/hanging`)
    controller.abort()
    return called
  },
  'aborted while under way, by a Request and with a reason': async (fetch, url) => {
    const controller = new AbortController()
    const called = fetch(new Request(`${url}/hanging`, { signal: controller.signal }))
    await arrivalOf(`${url}/hanging`)
    controller.abort(new RangeError('enough'))
    return called
  },
  'aborted by the signal of init, which counts instead of that of the Request': async (
    fetch,
    url,
  ) => {
    const controller = new AbortController()
    const request = new Request(`${url}/hanging`, { signal: AbortSignal.abort() })
    const called = fetch(request, { signal: controller.signal })
    await arrivalOf(`${url}/hanging`)
    controller.abort('reason of init')
    return called.catch((reason) => ['reason', reason])
  },
  'timed out before': async (fetch, url) => {
    const signal = AbortSignal.timeout(1)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return fetch(url, { signal })
  },
  'aborted while the body is read': async (fetch, url) => {
    const controller = new AbortController()
    const response = await fetch(`${url}/endless`, { signal: controller.signal })
    const reader = response.body?.getReader()
    const first = (await reader?.read())?.value?.[0]
    controller.abort(new RangeError('enough'))
    const failure = await reader?.read().catch(({ name }) => name)
    return [response.status, first, failure]
  },
  'aborted after it is over': async (fetch, url) => {
    const controller = new AbortController()
    const seen = await lookAt(await fetch(url, { signal: controller.signal }))
    controller.abort()
    return seen
  },

  // Responses.
  'a 204': async (fetch, url) => lookAt(await fetch(`${url}/empty`)),
  'a 404': async (fetch, url) => lookAt(await fetch(`${url}/missing`)),
  'a 500': async (fetch, url) => lookAt(await fetch(`${url}/broken`)),
  'a body of bytes': async (fetch, url) => lookAt(await fetch(`${url}/binary`)),
  'a zipped body': async (fetch, url) => lookAt(await fetch(`${url}/zipped`)),
  'a body in parts': async (fetch, url) => lookAt(await fetch(`${url}/parts`)),
  'a body, part by part': async (fetch, url) => {
    const response = await fetch(`${url}/parts`)
    let text = ''
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      text += decoder.decode(next.value, { stream: true })
    }
    return [text, response.bodyUsed, reader instanceof ReadableStreamDefaultReader]
  },
  'json()': async (fetch, url) => (await fetch(`${url}/json`)).json(),
  'blob()': async (fetch, url) => {
    const blob = await (await fetch(`${url}/json`)).blob()
    return [blob.type, blob.size]
  },
  'clone()': async (fetch, url) => {
    const response = await fetch(`${url}/json`)
    const copy = response.clone()
    return [response instanceof Response, await lookAt(copy), await lookAt(response)]
  },
  'headers that are not exposed': async (fetch, url) => {
    const { headers } = await fetch(`${url}/cookie`)
    return [headers.get('set-cookie'), headers.get('x-answer'), headers.get('connection')]
  },
  'the headers of a response cannot be changed': async (fetch, url) =>
    (await fetch(url)).headers.set('a', 'b'),

  // Misuse.
  'nothing at all': (fetch) => Reflect.apply(fetch, undefined, []),
  'init is a string': (fetch, url) => fetch(url, 'GET'),
  'a symbol for an address': (fetch) => fetch(Symbol('x')),
  'an address that throws, and an init that would': (fetch, url) =>
    fetch(
      {
        toString() {
          throw new RangeError('the address')
        },
      },
      {
        get body() {
          throw new RangeError(url)
        },
      },
    ),
  'a member of init that throws': (fetch, url) =>
    fetch(url, {
      get body() {
        throw new RangeError('mine')
      },
    }),
  'init is a function': async (fetch, url) =>
    lookAt(
      await fetch(
        url,
        Object.assign(() => {}, { method: 'PUT' }),
      ),
    ),
  'init is frozen': async (fetch, url) =>
    lookAt(await fetch(url, Object.freeze({ method: 'POST', body: 'x' }))),
  'init is a Request': async (fetch, url) =>
    lookAt(await fetch(url, new Request(url, { method: 'PUT', headers: { 'x-own': 'a' } }))),
  'an address that throws': (fetch) =>
    fetch({
      toString() {
        throw new RangeError('mine')
      },
    }),
}

/** Calls that need a server of the page's own origin. */
export const OWN_CALLS: Readonly<Record<string, Call>> = {
  'a relative address': async (fetch, url) => lookAt(await fetch(`.${new URL(url).pathname}/x`)),
  'an absolute path': async (fetch, url) => lookAt(await fetch(`${new URL(url).pathname}?q`)),
  'a relative address under a base': async (fetch, url) => {
    const base = document.head.appendChild(document.createElement('base'))
    base.href = `${new URL(url).pathname}/deep/`
    const seen = await fetch('x')
      .then(lookAt)
      .finally(() => base.remove())
    return seen
  },
  'mode: same-origin': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'POST', body: 'x', mode: 'same-origin' })),
  'cookies as they are': async (fetch, url) => {
    await fetch(`${url}/cookie`)
    return lookAt(await fetch(url))
  },
  'cookies left out': async (fetch, url) => {
    await fetch(`${url}/cookie`)
    return lookAt(await fetch(url, { credentials: 'omit' }))
  },
  'cache: only-if-cached': async (fetch, url) => {
    await lookAt(await fetch(`${url}/cached`))
    return lookAt(await fetch(`${url}/cached`, { cache: 'only-if-cached', mode: 'same-origin' }))
  },
  'referrer: about:client': async (fetch, url) =>
    lookAt(await fetch(url, { referrer: 'about:client' })),
  'a body and a length': async (fetch, url) =>
    lookAt(await fetch(url, { method: 'PUT', body: new Blob([bytes(70_000)]) })),
}

/** Calls of a resource whose redirects may be followed. */
export const FOLLOWING_CALLS: Readonly<Record<string, Call>> = {
  'a redirect is followed': async (fetch, url) => lookAt(await fetch(`${url}/same`)),
  'a redirect is followed by HEAD': async (fetch, url) =>
    lookAt(await fetch(`${url}/same`, { method: 'HEAD' })),
  'redirect: follow': async (fetch, url) =>
    lookAt(
      await fetch(`${url}/same`, {
        redirect: 'follow',
        referrer: '/r',
        referrerPolicy: 'unsafe-url',
      }),
    ),
  'redirect: manual where it may be followed': async (fetch, url) =>
    lookAt(await fetch(`${url}/same`, { redirect: 'manual' })),
}
