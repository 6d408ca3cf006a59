import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useFetchFixture } from './fixture.ts'

const fixture = useFetchFixture(true)
let tab: Page

/** What a client makes of an address in each form that `fetch` takes, and for those who send it themselves. */
const PAGE = `globalThis.verdictsOn = async (resources, addresses) => {
  let sent = []
  const client = createClient({
    resources,
    fetch: async (input, init) => {
      const { url, headers } = new Request(input, init)
      sent.push([url, headers.has('authorization')].join(' '))
      return new Response('')
    },
  })
  await client.start()
  const verdictOn = async (task) => {
    const { error } = await outcomeOf(task)
    const verdict = error ? [error.code ?? error.name, ...sent] : sent
    sent = []
    return verdict.join(' and ') || 'given'
  }
  const of = (make) => {
    try {
      return [make()]
    } catch {
      return []
    }
  }
  const verdicts = {}
  for (const address of addresses) {
    const seen = (verdicts[address] = {})
    const fetched = (made) => verdictOn(client.fetch(made))
    seen.text = await fetched(address)
    for (const url of of(() => new URL(address, document.baseURI))) seen.url = await fetched(url)
    for (const request of of(() => new Request(address))) seen.request = await fetched(request)
    seen.authorize = await verdictOn(client.authorize({ url: address }))
    seen.getAccessToken = await verdictOn(client.getAccessToken({ url: address }))
  }
  client.close()
  return verdicts
}`

declare global {
  var verdictsOn: (
    resources: readonly object[],
    addresses: readonly string[],
  ) => Promise<Record<string, Record<string, string>>>
}

beforeAll(async () => {
  fixture.usePage({}, PAGE)
  tab = await fixture.openSignedIn()
})

const REFUSED = 'origin_not_allowed'

/** Each address with where its token goes; `null` is nowhere. */
type Table = Readonly<Record<string, string | null>>

async function check(resources: readonly object[], table: Table) {
  const verdicts = await tab.evaluate(
    ([resources, addresses]) => verdictsOn(resources, addresses),
    [resources, Object.keys(table)] as const,
  )
  const wanted = Object.entries(table).map(([address, sentTo]) => {
    const fetched = sentTo === null ? REFUSED : `${sentTo} true`
    const given = sentTo === null ? REFUSED : 'given'
    const forms = Object.keys(verdicts[address] ?? {})
    // Of some there is no URL and no Request.
    expect(forms).toEqual(expect.arrayContaining(['text', 'authorize', 'getAccessToken']))
    if (sentTo !== null) expect(forms).toHaveLength(5)
    return [
      address,
      Object.fromEntries(
        forms.map((form) => [form, /^(authorize|getAccess)/.test(form) ? given : fetched]),
      ),
    ]
  })
  expect(verdicts).toEqual(Object.fromEntries(wanted))
}

const nowhere = (...addresses: string[]): Table =>
  Object.fromEntries(addresses.map((address) => [address, null]))

const API = 'https://api.example.com'

describe('fetch() sends a token to the listed origin alone', () => {
  const of = (table: Table) => () => check([{ url: `${API}/` }], table)

  test(
    'whatever looks like it',
    of(
      nowhere(
        '//evil.com',
        '////evil.com',
        '///evil.com',
        '/\\evil.com',
        '\\\\evil.com',
        '\\/evil.com',
        '/\t/evil.com',
        '\t//evil.com',
        ' https://evil.com',
        'ht\ntps://evil.com',
        'https:///evil.com',
        'https:\\\\evil.com',
        'https://evil.com\\@api.example.com/',
        'https://evil.com/https://api.example.com/',
        'https://evil.com/?https://api.example.com/',
        'https://evil.com#https://api.example.com/',
        'https://evil.com/.api.example.com/',
        'https://api.example.com@evil.com',
        'https://api.example.com:443@evil.com',
        'https://api.example.com;@evil.com',
        'https://api.example.com&@evil.com',
        'https://api.example.com%40evil.com',
        'https://api.example.com.evil.com',
        'https://api.example.com-evil.com',
        'https://api-example.com',
        'https://apixexample.com',
        'https://evilapi.example.com',
        'https://evil.api.example.com',
        'https://example.com',
        'https://com',
        'https://api.example.com%2eevil.com',
        'https://api.example.com%E3%80%82evil.com',
        'https:evil.com',
        'https:/evil.com',
        '/%2F/evil.com',
        '/%5cevil.com',
        '/.//evil.com',
        './/evil.com',
        '/..//evil.com',
        'x/..//evil.com',
        'api.example.com',
        'api.example.com/',
        '',
        '/',
        '?',
        '#',
      ),
    ),
  )

  test(
    'whoever is named in front of it, and on whatever port and by whatever scheme',
    of(
      nowhere(
        'https://user@api.example.com/',
        'https://user:password@api.example.com/',
        'https://:password@api.example.com/',
        'https://%40@api.example.com/',
        'https://api.example.com.',
        'https://api.example.com./',
        'https://api.example.com:8443/',
        'https://api.example.com:80/',
        'https://api.example.com:444/',
        'https://api.example.com:0/',
        'https://api.example.com:65536/',
        'http://api.example.com/',
        'http://api.example.com:443/',
        'ws://api.example.com/',
        'wss://api.example.com/',
        'ftp://api.example.com/',
        'file://api.example.com/',
        'blob:https://api.example.com/u',
        'blob:https://api.example.com/7c1d6e1a-1111-4111-8111-111111111111',
        'filesystem:https://api.example.com/temporary/x',
        'view-source:https://api.example.com/',
        'data:text/plain,https://api.example.com/',
        'javascript:https://api.example.com/',
        'about:blank',
        'mailto:a@api.example.com',
        'https+x://api.example.com/',
      ),
    ),
  )

  test(
    'however its name is written',
    of(
      nowhere(
        'https://\u0430pi.example.com/',
        'https://xn--pi-6kc.example.com/',
        'https://ap\u0456.example.com/',
        'https://api.ex\u0430mple.com/',
        'https://api.example.co\u217f\u0337/',
        'https://2130706433/',
        'https://0x7f.1/',
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://localhost/',
        'https://api.example.com%00/',
        'https://api.example.com%00.evil.com/',
        'https://api.example.com|/',
        'https://[api.example.com]/',
        'https://api.example.com%2f@evil.com/',
        'https://api.example.com%5c@evil.com/',
        'https://api..example.com/',
        'https://.api.example.com/',
        'https://api.example.com,evil.com/',
        'https://',
        'https:?',
      ),
    ),
  )

  test(
    'and there to every path',
    of({
      'https://api.example.com': `${API}/`,
      'HTTPS://API.EXAMPLE.COM': `${API}/`,
      'https:\\\\api.example.com\\a': `${API}/a`,
      // The page is not of this scheme: with it, this would be a relative address.
      'https:api.example.com/a': `${API}/a`,
      ' https://api.example.com/a ': `${API}/a`,
      'https://api.exa\nmple.com/a': `${API}/a`,
      'https:////api.example.com/a': `${API}/a`,
      'https://api.example.com:443/a?b#c': `${API}/a?b#c`,
      'https://api.example.com:00443/a': `${API}/a`,
      'https://api.example.com:/a': `${API}/a`,
      'https://api\u3002example\uff0ecom': `${API}/`,
      'https://\uff41pi.example.com/': `${API}/`,
      'https://a\u00adpi.example.com/': `${API}/`,
      'https://%61pi.example.com/': `${API}/`,
      'https://api.example.com\\@evil.com/': `${API}/@evil.com/`,
      'https://api.example.com\\.evil.com/': `${API}/.evil.com/`,
      'https://api.example.com/@evil.com/': `${API}/@evil.com/`,
      'https://api.example.com//evil.com/': `${API}//evil.com/`,
      'https://api.example.com?@evil.com/': `${API}/?@evil.com/`,
      'https://api.example.com#@evil.com/': `${API}/#@evil.com/`,
      'https://api.example.com/a/%2e%2e/b': `${API}/b`,
      'https://api.example.com/a%2fb;c': `${API}/a%2fb;c`,
      'https://@api.example.com/': `${API}/`,
    }),
  )

  test('on a port of its own', () =>
    check([{ url: `${API}:8443/` }], {
      'https://api.example.com:8443/a': `${API}:8443/a`,
      'https://api.example.com:08443/a': `${API}:8443/a`,
      ...nowhere(
        'https://api.example.com/',
        'https://api.example.com:443/',
        'https://api.example.com:84430/',
        'https://api.example.com:844/',
        'https://api.example.com:8443@evil.com/',
        'https://api.example.com/:8443/',
      ),
    }))

  test('with a name beyond ASCII', () =>
    check([{ url: 'https://b\u00fccher.example/' }], {
      'https://b\u00fccher.example/a': 'https://xn--bcher-kva.example/a',
      'https://xn--bcher-kva.example/a': 'https://xn--bcher-kva.example/a',
      'https://BU\u0308CHER.example/a': 'https://xn--bcher-kva.example/a',
      ...nowhere(
        'https://bucher.example/',
        'https://b\u0446cher.example/',
        'https://buecher.example/',
      ),
    }))

  test('of several, the very one', () =>
    check([{ url: 'https://a.example/' }, { url: 'https://b.example/x/' }], {
      'https://a.example/x': 'https://a.example/x',
      'https://b.example/x': 'https://b.example/x',
      ...nowhere('https://b.example/', 'https://b.example/a', 'https://ab.example/x'),
    }))

  test('of none at all, to nobody', () =>
    check([], nowhere('/', '', 'https://api.example.com/', 'https://localhost/')))
})

describe('fetch() sends a token below the listed path alone', () => {
  const of = (path: string, table: Table) => () => check([{ url: API + path }], table)
  const under = (...paths: string[]): Table =>
    Object.fromEntries(paths.map((path) => [API + path, API + path]))

  test('at a segment', of('/v1', { ...under('/v1', '/v1/', '/v1?q', '/v1#f', '/v1/a', '/v1//a') }))

  test('written with a slash, the same', of('/v1/', under('/v1', '/v1/', '/v1?q', '/v1/a/b')))

  test(
    'and nowhere beside',
    of(
      '/v1/',
      nowhere(
        ...[
          '/',
          '/v',
          '/v10',
          '/v1x/',
          '/v1.0',
          '/v1-',
          '/v1&',
          '/v1%20',
          '/v1:80/',
          '/V1/a',
          '//v1/a',
          '/x/v1/a',
          '/v2/v1/',
          '/?/v1/',
          '/#/v1/',
          '/%76%31/a',
          '/v%31/a',
        ].map((path) => API + path),
      ),
    ),
  )

  test(
    'with dots resolved as browsers do',
    of('/v1/', {
      [`${API}/v2/../v1/a`]: `${API}/v1/a`,
      [`${API}/v1/./a`]: `${API}/v1/a`,
      [`${API}/v1/b/%2e%2E/a`]: `${API}/v1/a`,
      [`${API}/v1/;/../a`]: `${API}/v1/a`,
      [`${API}/v1/...`]: `${API}/v1/...`,
      [`${API}/v1\\a`]: `${API}/v1/a`,
      [`${API}/v1/..`]: null,
      [`${API}/v1/../v2`]: null,
      [`${API}/v1/%2e%2e/v2`]: null,
      [`${API}/v1/.%2E/v2`]: null,
      [`${API}/v1\\..\\v2`]: null,
      [`${API}/v1/a/../../v2`]: null,
    }),
  )

  test(
    'with nothing that a server may take for a separator',
    of('/v1/', {
      ...nowhere(
        ...[
          '/v1%2fa',
          '/v1/a%2fb',
          '/v1/a%2Fb',
          '/v1/..%2fv2',
          '/v1/%2E%2E%2Fv2',
          '/v1/%2e%2e%2fv2',
          '/v1/a%5cb',
          '/v1/a%5c..%5c..%5cv2',
          '/v1/..;/v2',
          '/v1/a;b=c',
          '/v1;x',
          '/v1/%2ehidden',
          // For a server behind a proxy that decodes as well, and for lenient readers of UTF-8.
          '/v1/%252e%252e/v2',
          '/v1/..%252fv2',
          '/v1/%255c..%25255cv2',
          '/v1/%c0%ae%C0%AE/v2',
          '/v1/%e0%80%af/v2',
          '/v1/%f0%80%80%af/v2',
          '/v1/%25c0%25ae/v2',
          '/v1/..%3b/v2',
          // For one that takes a null for the end of the path.
          '/v1/..%00/v2',
          '/v1/..%2500',
        ].map((path) => API + path),
      ),
      ...under(
        '/v1/a?b=%2f;%5c..',
        '/v1/a#%2f',
        '/v1/100%25',
        '/v1/25%2525',
        '/v1/a%20b',
        '/v1/a%3Bb',
        '/v1/%e0%a4%95',
      ),
    }),
  )

  test('the longest of several counts', async () => {
    const both = [{ url: `${API}/v1/` }, { url: `${API}/v1/more/` }, { url: `${API}/v2` }]
    await check(both, {
      ...under('/v1/a', '/v1/more/a', '/v1/morex', '/v2/a'),
      ...nowhere(`${API}/v3`, `${API}/more/`),
    })
  })
})

test('fetch() to its own origin takes addresses as the page does', async () => {
  const origin = fixture.pages.origin()
  await check([{ url: '/own/' }], {
    '/own/a': `${origin}/own/a`,
    'own/a': `${origin}/own/a`,
    './own/../own/a': `${origin}/own/a`,
    '\\own\\a': `${origin}/own/a`,
    '/own': `${origin}/own`,
    ...nowhere('//own/a', '/owner', '', '?own/', '/own/../a', '///own/'),
  })
})

test('a call that the browser refuses is refused by it below a base, too', async () => {
  const tab = await fixture.open()
  const outcomes = await tab.evaluate(async (href) => {
    const base = document.createElement('base')
    base.href = href
    document.head.append(base)
    const outcomes = []
    for (const call of [fetch, auth.fetch]) {
      outcomes.push(await outcomeOf(call('x', { method: 'TRACE' }).then(() => 'sent')))
    }
    base.remove()
    return outcomes
  }, `${fixture.api.url}/v1/`)
  expect(outcomes).toMatchObject([
    { error: { name: 'TypeError' } },
    { error: { name: 'TypeError' } },
  ])
})

test('an init that no address makes good is refused by the browser, whatever the address', async () => {
  const outcomes = await tab.evaluate((url) => {
    const init = { headers: { 'x-test': 'a\nb' } }
    const calls = [url, 'https://elsewhere.example/', 'about:blank'].flatMap((address) => [
      fetch(address, init),
      auth.fetch(address, init),
      auth.fetch(new URL(address, url), init),
    ])
    return Promise.all(calls.map((call) => outcomeOf(call.then(() => 'sent'))))
  }, `${fixture.api.url}/v1/x`)
  for (const outcome of outcomes) expect(outcome).toMatchObject({ error: { name: 'TypeError' } })
  expect(fixture.api.log).toEqual([])
})

test('a base on another origin leads no token there', async () => {
  await tab.evaluate((href) => {
    const base = document.createElement('base')
    base.href = href
    document.head.append(base)
  }, `${fixture.other.url}/own/`)
  try {
    await check(
      [{ url: '/own/' }],
      nowhere('/own/a', 'own/a', 'a', './a', '', '?', `${fixture.other.url}/own/a`),
    )
    for (const address of ['/own/a', 'a']) {
      const outcome = await tab.evaluate((url) => outcomeOf(auth.fetch(url)), address)
      expect(outcome).toMatchObject({ error: { code: REFUSED } })
    }
  } finally {
    await tab.evaluate(() => document.querySelector('base')?.remove())
  }
  expect([...fixture.other.log, ...fixture.other.preflights]).toEqual([])
})

test('an address that changes when it is read again leads no token anywhere else', async () => {
  const [listed, evil] = [`${fixture.api.url}/v1/x`, `${fixture.other.url}/v1/x`]
  const outcomes = await tab.evaluate(
    ([listed, evil]) => {
      const changing = (...addresses: string[]) =>
        ({ toString: () => (addresses.length > 1 ? addresses.shift() : addresses[0]) }) as string
      class Lying extends Request {
        override get url() {
          return listed
        }
      }
      const frame = document.body.appendChild(document.createElement('iframe'))
      const realm = frame.contentWindow as Window & typeof globalThis
      const calls = [
        changing(listed, evil),
        changing(listed, listed, evil),
        changing(evil, listed),
        new Lying(evil),
        new realm.Request(evil),
      ]
      return Promise.all(calls.map((input) => outcomeOf(auth.fetch(input).then((r) => r.url))))
    },
    [listed, evil] as const,
  )
  const refused = { error: expect.objectContaining({ code: REFUSED }) }
  expect(outcomes).toEqual([{ value: listed }, { value: listed }, refused, refused, refused])
  expect([...fixture.other.log, ...fixture.other.preflights]).toEqual([])
})

test('the list of resources cannot be changed afterwards', async () => {
  const evil = fixture.other.url
  const outcomes = await tab.evaluate(async (evil) => {
    const scope = ['a']
    const resource = { url: 'https://api.example.com/', scope }
    const resources = [resource]
    const given = { resources }
    const client = createClient(given)
    await client.start()
    resource.url = `${evil}/`
    resources.push({ url: `${evil}/`, scope })
    resources[0] = { url: `${evil}/`, scope }
    given.resources = [{ url: `${evil}/`, scope }]
    const outcome = await outcomeOf(client.fetch(`${evil}/`))
    const authorized = await outcomeOf(client.authorize({ url: `${evil}/` }))
    const kept = await outcomeOf(client.authorize({ url: 'https://api.example.com/' }))
    client.close()
    return [outcome, authorized, kept]
  }, evil)
  const refused = { error: expect.objectContaining({ code: REFUSED }) }
  expect(outcomes).toEqual([
    refused,
    refused,
    { value: { authorization: expect.stringMatching(/^Bearer access-/) } },
  ])
  expect([...fixture.other.log, ...fixture.other.preflights]).toEqual([])
})

test('a Request of another frame is one as well, and keeps its body where it is refused', async () => {
  const outcome = await tab.evaluate(
    async ([other, own]) => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      const { Request } = frame.contentWindow as never as typeof globalThis
      const refused = new Request(other as string, { method: 'POST', body: 'secret' })
      const { error } = (await outcomeOf(auth.fetch(refused))) as { error: { code: string } }
      const sent = await auth.fetch(new Request(own as string, { method: 'POST', body: 'mine' }))
      const seen = [error.code, refused.bodyUsed, await refused.text(), sent.status]
      frame.remove()
      return seen
    },
    [`${fixture.other.url}/v1/x`, `${fixture.api.url}/v1/x`],
  )
  expect(outcome).toEqual([REFUSED, false, 'secret', 200])
  expect(fixture.api.log.at(-1)).toMatchObject({ method: 'POST', body: Buffer.from('mine') })
})

test('what is refused is not sent, not even without a token, and keeps its body', async () => {
  const addresses = ['/v1/x', '/', '/own/x'].map((path) => fixture.other.url + path)
  const outcomes = await tab.evaluate(
    (addresses) =>
      Promise.all(
        addresses.map(async (url) => {
          const request = new Request(url, { method: 'POST', body: 'secret' })
          const outcome = await outcomeOf(auth.fetch(request))
          return [outcome, request.bodyUsed, await request.text()]
        }),
      ),
    addresses,
  )
  const { origin } = new URL(fixture.other.url)
  const error = {
    name: 'AuthError',
    code: REFUSED,
    message: `${origin} is not under a listed resource; nothing was sent.`,
    hint: `List it in the option "resources", or use the plain fetch. Listed: ${fixture.api.url}/v1/, ${fixture.pages.origin()}/own/.`,
    retryable: false,
  }
  expect(outcomes).toEqual(addresses.map(() => [{ error }, false, 'secret']))
  expect([...fixture.other.log, ...fixture.other.preflights]).toEqual([])
})
