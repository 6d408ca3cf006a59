import { expect, test } from 'vitest'
import { namesOfRecords } from '../e2e/names-of-records.ts'
import { createGate } from '../fetch/listen.ts'
import { checkProofs } from './check-proofs.ts'
import {
  type AppSetup,
  type OpenApp,
  signInByRedirect,
  started,
  statusOf,
  useProviderApp,
} from './use-provider-app.ts'

const fixture = useProviderApp()
const setup = {
  imports: "import { dpop } from 'tessera-auth/dpop'",
  options: 'capabilities: [dpop()],',
  provider: { dpopRequired: true },
} satisfies AppSetup

/** What a call of the API came to. */
const call = ({ tab, provider }: OpenApp, init = '{}', url = `${provider.apiUrl}x`) =>
  tab.evaluate(`auth.fetch('${url}', ${init}).then(
    async (response) => response.ok ? response.json() : response.status,
    (error) => error.code + ': ' + error.message)`)

/** Moves the clock of the pages to come. */
const shiftClock = ({ context }: OpenApp, minutes: number) =>
  context.addInitScript({
    content: `{
      const { now } = Date
      Date.now = () => now() + ${minutes * 60_000}
    }`,
  })

test.for([
  ['', undefined],
  [', where servers want nonces', true],
] as const)('dpop() proves its key with every request%s', async ([, dpopNonces]) => {
  const other = 'http://127.0.0.1'
  const app = await fixture.open({
    ...setup,
    options: `${setup.options}
      resources: [metadata.issuer, metadata.issuer.replace('http://localhost', '${other}')]
        .map((origin) => ({ url: origin + '/api/' })),`,
    provider: { dpopRequired: true, ...(dpopNonces && { dpopNonces }) },
  })
  const { provider, tab } = app
  await signInByRedirect(app)
  const answer = { sub: 'monika', scheme: 'DPoP' }
  expect(await call(app)).toEqual(answer)
  await tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
  const posted = { method: 'POST', body: 'hello' }
  expect(await call(app, JSON.stringify(posted))).toEqual({ ...answer, body: 'hello' })
  expect(await call(app, '{}', `${provider.apiUrl}a/b?query=1`)).toEqual(answer)
  const elsewhere = provider.apiUrl.replace('http://localhost', other)
  expect(await call(app, '{}', `${elsewhere}x`)).toEqual(answer)
  expect(await tab.evaluate('auth.userInfo().then(({ sub }) => sub)')).toBe('monika')
  expect(provider.requests('/auth')[0]?.query.dpop_jkt).toMatch(/^[\w-]{43}$/)
  expect(await checkProofs(provider.seen)).toBeGreaterThanOrEqual(7)
  expect(app.profile.observed.errors).toEqual([])
})

test('dpop() gives a header for what is not sent by fetch', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const headers = (await app.tab.evaluate(
    `auth.authorize({ url: '${app.provider.apiUrl}x', method: 'POST' })`,
  )) as Record<string, string>
  const send = () => fetch(`${app.provider.apiUrl}x`, { method: 'POST', headers })
  expect((await send()).status).toBe(200)
  // Once, and for this request.
  expect((await send()).status).toBe(401)
})

test('dpop() says when a server hides its nonce (R161)', async () => {
  const app = await fixture.open({
    ...setup,
    provider: { dpopRequired: true, dpopNonces: true, exposed: 'www-authenticate' },
  })
  await signInByRedirect(app)
  expect(await call(app)).toBe('dpop: The server asks for a nonce that no page may read.')
  expect(app.provider.requests('/api/x').filter(({ method }) => method === 'GET')).toHaveLength(1)
})

test.for(['use_dpop_nonce', 'invalid_dpop_proof'])(
  'dpop() makes no more than two requests of a provider that always says %s',
  async (error) => {
    const app = await fixture.open({
      ...setup,
      provider: {
        intercept(request, response) {
          if (request.method !== 'POST' || request.url !== '/token') return false
          response.setHeader('access-control-allow-origin', '*')
          response.setHeader('access-control-expose-headers', 'dpop-nonce')
          response.setHeader('dpop-nonce', `nonce-${Math.random()}`)
          response.writeHead(400).end(JSON.stringify({ error }))
          return true
        },
      },
    })
    await app.tab.click('#redirect')
    await app.tab.waitForFunction(() => document.title === 'failed')
    expect(await app.tab.evaluate('failure.code')).toBe('dpop')
    const asked = app.provider.requests('/token').filter(({ method }) => method === 'POST')
    expect(asked.length).toBe(error === 'use_dpop_nonce' ? 2 : 1)
  },
)

test('dpop() hands over an API that never accepts its nonce as an error, after two requests', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  app.provider.options.intercept = (request, response) => {
    if (request.method !== 'GET' || !request.url?.startsWith('/api/')) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
    response.setHeader('dpop-nonce', `nonce-${Math.random()}`)
    response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end()
    return true
  }
  expect(await call(app)).toBe('dpop: The server does not accept its own nonce.')
  expect(app.provider.requests('/api/x').filter(({ method }) => method === 'GET')).toHaveLength(2)
  expect(await statusOf(app.tab)).toBe('signed-in')
})

test('dpop() is not held up by the bodies of answers that only ask for a nonce', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const asked = new Set<string>()
  app.provider.options.intercept = ({ method, url = '' }, response) => {
    if (method !== 'GET' || !url.startsWith('/api/')) return false
    if (asked.has(url)) return false
    asked.add(url)
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
    response.setHeader('dpop-nonce', 'of no use')
    response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' })
    // More than a connection holds back, of which a browser has six to a server. WebKitGTK lets go of
    // none before its answer is over.
    response.write('x'.repeat(2_000_000))
    if (fixture.browser().engine.name === 'webkit') response.end()
    return true
  }
  const statuses = await app.tab.evaluate(
    (url) =>
      Promise.all(
        Array.from({ length: 12 }, async (_, index) => (await auth.fetch(`${url}${index}`)).status),
      ),
    app.provider.apiUrl,
  )
  expect(statuses).toEqual(Array(12).fill(200))
})

test.for([
  [
    'hides its nonce',
    'www-authenticate',
    'dpop: The server asks for a nonce that no page may read.',
  ],
  [
    'never accepts its own',
    'dpop-nonce, www-authenticate',
    'dpop: The server does not accept its own nonce.',
  ],
] as const)('dpop() lets go of the connections to an API that %s', async ([, exposed, refusal]) => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  app.provider.options.intercept = ({ method, url = '' }, response) => {
    if (method !== 'GET' || !url.startsWith('/api/refused')) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', exposed)
    response.setHeader('dpop-nonce', 'of no use')
    response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' })
    response.write('x'.repeat(2_000_000))
    if (fixture.browser().engine.name === 'webkit') response.end()
    return true
  }
  const calls = Array.from({ length: 6 }, (_, index) =>
    call(app, '{}', `${app.provider.apiUrl}refused/${index}`),
  )
  expect(await Promise.all(calls)).toEqual(Array(6).fill(refusal))
  expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
})

test.for([
  ['ahead, by the clock of the app’s own server', 10, undefined],
  ['behind, by the clock of the app’s own server', -10, undefined],
  ['behind, by the clock of the API', -10, 'date, www-authenticate, dpop-nonce'],
] as const)(
  'dpop() corrects a clock that is ten minutes %s (R159)',
  async ([, minutes, exposed]) => {
    const app = await fixture.open({
      ...setup,
      provider: { dpopRequired: true, ...(exposed && { exposed }) },
    })
    await shiftClock(app, minutes)
    await app.tab.reload()
    await started(app.tab)
    await signInByRedirect(app)
    expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
    const tokens = app.provider.requests('/token').filter(({ method }) => method === 'POST')
    expect(tokens.map(({ status }) => status)).toEqual([400, 200])
    const gets = () => app.provider.requests('/api/x').filter(({ method }) => method === 'GET')
    expect(gets().map(({ status }) => status)).toEqual([401, 200])
    // It is corrected once for all.
    expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
    expect(gets()).toHaveLength(3)
  },
)

test('dpop() corrects the clock for all calls that are under way, in whatever order they are refused', async () => {
  const app = await fixture.open({
    ...setup,
    options: `${setup.options}
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        if (response.status === 401) await window.hold?.(input.url)
        return response
      },`,
  })
  await shiftClock(app, 10)
  await app.tab.reload()
  await started(app.tab)
  await signInByRedirect(app)
  const statuses = await app.tab.evaluate(`(async () => {
    const urls = [1, 2, 3, 4].map((each) => '${app.provider.apiUrl}' + each)
    const held = new Map()
    const allHeld = new Promise((resolve) => {
      window.hold = (url) => new Promise((release) => {
        held.set(url, release)
        if (held.size === urls.length) resolve()
      })
    })
    const calls = urls.map((url) => auth.fetch(url).then(({ status }) => status))
    await allHeld
    window.hold = undefined
    const statuses = []
    for (const [index, url] of urls.entries()) {
      held.get(url)()
      statuses.push(await calls[index])
    }
    return statuses
  })()`)
  expect(statuses).toEqual([200, 200, 200, 200])
})

test.for(['null', '0', "''", 'false'])(
  'dpop() hands on the reason of who aborts a call: %s (R111)',
  async (reason) => {
    const app = await fixture.open(setup)
    await signInByRedirect(app)
    const arrived = createGate()
    let held = 0
    // Two addresses: Firefox lets a second request for the same one wait for the answer to the first.
    app.provider.options.intercept = (request) => {
      const isHeld = request.method === 'GET' && !!request.url?.startsWith('/api/')
      if (isHeld && ++held === 2) arrived.open()
      return isHeld
    }
    await app.tab.evaluate(`(() => {
      window.controller = new AbortController()
      window.outcomes = Promise.all([auth.fetch, fetch].map((call, at) =>
        call('${app.provider.apiUrl}' + at, { signal: controller.signal })
          .then(() => 'no error', (reason) => JSON.stringify([typeof reason, reason]))))
    })()`)
    await arrived.opened
    await app.tab.evaluate(`controller.abort(${reason})`)
    const [ours, native] = (await app.tab.evaluate('outcomes')) as string[]
    expect(ours).toContain(`,${reason.replaceAll("'", '"')}]`)
    // WebKit's own fetch hands on no reason of this kind.
    if (fixture.browser().engine.name !== 'webkit') expect(ours).toBe(native)
  },
)

test('dpop() sends a body once more when the nonce changes while the token is repaired', async () => {
  const app = await fixture.open({ ...setup, provider: { dpopRequired: true, dpopNonces: true } })
  await signInByRedirect(app)
  let refused = false
  app.provider.options.intercept = (request, response) => {
    if (refused || request.method !== 'POST' || !request.url?.startsWith('/api/')) return false
    refused = true
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'www-authenticate')
    response.writeHead(401, { 'www-authenticate': 'DPoP error="invalid_token"' }).end()
    return true
  }
  expect(await call(app, "{ method: 'POST', body: 'hello' }")).toEqual({
    sub: 'monika',
    scheme: 'DPoP',
    body: 'hello',
  })
})

test('dpop() sends a body once more when the token is refused after the nonce was', async () => {
  // On an origin of its own: the nonce is of no use to the provider.
  const app = await fixture.open({
    ...setup,
    options: `${setup.options}
      resources: [{ url: metadata.issuer.replace('localhost', '127.0.0.1') + '/api/' }],`,
  })
  await signInByRedirect(app)
  const refusals = ['use_dpop_nonce', 'invalid_token']
  app.provider.options.intercept = (request, response) => {
    if (request.method !== 'POST' || !request.url?.startsWith('/api/')) return false
    const error = refusals.shift()
    if (!error) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
    response.setHeader('dpop-nonce', 'of no use')
    response.writeHead(401, { 'www-authenticate': `DPoP error="${error}"` }).end()
    return true
  }
  const url = `${app.provider.apiUrl.replace('localhost', '127.0.0.1')}x`
  expect(await call(app, "{ method: 'POST', body: 'hello' }", url)).toEqual({
    sub: 'monika',
    scheme: 'DPoP',
    body: 'hello',
  })
  expect(refusals).toEqual([])
})

test('dpop() does not take a request for a nonce in the cache for the answer to it', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  let isAsked = false
  app.provider.options.intercept = (request, response) => {
    if (isAsked || request.method !== 'GET' || !request.url?.startsWith('/api/')) return false
    isAsked = true
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
    response.setHeader('cache-control', 'max-age=600')
    response.setHeader('dpop-nonce', 'of no use')
    response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end()
    return true
  }
  expect(await call(app, "{ cache: 'force-cache' }")).toEqual({ sub: 'monika', scheme: 'DPoP' })
  expect(isAsked).toBe(true)
})

test('dpop() hands over a refusal whole where the call cannot be sent again', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  app.provider.options.intercept = (request, response) => {
    if (request.method !== 'POST' || !request.url?.startsWith('/api/')) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
    response.setHeader('dpop-nonce', 'of no use')
    response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end('refused')
    return true
  }
  const init = "{ method: 'POST', body: 'hello', keepalive: true }"
  const answer = await app.tab.evaluate(
    `auth.fetch('${app.provider.apiUrl}', ${init}).then(async (answer) => [answer.status, await answer.text()])`,
  )
  expect(answer).toEqual([401, 'refused'])
})

test('dpop() goes on with the nonces of its servers after a renewal (R155)', async () => {
  const app = await fixture.open({
    ...setup,
    options: `${setup.options}
      resources: [{ url: metadata.issuer.replace('localhost', '127.0.0.1') + '/api/' }],`,
    provider: { dpopRequired: true, dpopNonces: true },
  })
  await signInByRedirect(app)
  const { apiUrl, requests } = app.provider
  const get = () => call(app, '{}', `${apiUrl.replace('localhost', '127.0.0.1')}x`)
  expect(await get()).toMatchObject({ scheme: 'DPoP' })
  for (let renewals = 0; renewals < 2; renewals++) {
    await app.tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
    expect(await get()).toMatchObject({ scheme: 'DPoP' })
  }
  const statuses = (path: string, wanted: string) =>
    requests(path)
      .filter(({ method }) => method === wanted)
      .map(({ status }) => status)
  // The callback page has one of its own.
  expect(statuses('/token', 'POST')).toEqual([400, 200, 400, 200, 200])
  expect(statuses('/api/x', 'GET')).toEqual([401, 200, 200, 200])
})

test('dpop() keeps a key that cannot be exported, and ends it with the session', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const keys = `(async () => {
    const found = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve) => { indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result) })
      const all = database.transaction('records').objectStore('records').get('key pair')
      await new Promise((resolve) => { all.onsuccess = resolve })
      database.close()
      if (all.result) found.push(await crypto.subtle.exportKey('jwk', all.result.privateKey).then(() => 'exported', (error) => error.name))
    }
    return found
  })()`
  expect(await app.tab.evaluate(keys)).toEqual(['InvalidAccessError'])
  await app.tab.evaluate('auth.signOut({ local: true })')
  expect(await statusOf(app.tab)).toBe('signed-out')
  expect(await app.tab.evaluate(keys)).toEqual([])
  await signInByRedirect(app)
  const [first, second] = app.provider.requests('/auth').map(({ query }) => query.dpop_jkt)
  expect(first).toMatch(/^[\w-]{43}$/)
  expect(second).not.toBe(first)
})

test('dpop() uses the key of the session that another tab began', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const other = await app.context.newPage()
  await other.goto(app.origin)
  await started(other)
  expect(await call({ ...app, tab: other })).toEqual({ sub: 'monika', scheme: 'DPoP' })
  await app.tab.evaluate('auth.signOut({ local: true })')
  await signInByRedirect(app)
  await other.waitForFunction('auth.state.status === "signed-in"')
  expect(await call({ ...app, tab: other })).toEqual({ sub: 'monika', scheme: 'DPoP' })
  expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
})

test('dpop() ends a session that has lost its key, and begins the next with another (R160)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  await app.tab.evaluate(`(async () => {
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve) => { indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result) })
      const transaction = database.transaction('records', 'readwrite')
      transaction.objectStore('records').delete('key pair')
      await new Promise((resolve) => { transaction.oncomplete = resolve })
      database.close()
    }
  })()`)
  await app.tab.reload()
  await started(app.tab)
  app.provider.seen.length = 0
  expect(await call(app)).toBe('session_expired: The key of this session is gone.')
  expect(await app.tab.evaluate('[auth.state.status, auth.state.reason]')).toEqual([
    'signed-out',
    'session-ended',
  ])
  expect(app.provider.seen.filter(({ headers }) => headers.authorization)).toEqual([])
  await signInByRedirect(app)
  expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
})

test('dpop() ends no session over a key that cannot be read in passing (R88)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  await app.tab.reload()
  await started(app.tab)
  await app.tab.evaluate(() => {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = () => {
      throw new DOMException('Internal error opening backing store.', 'UnknownError')
    }
    Object.assign(globalThis, {
      mend() {
        IDBFactory.prototype.open = open
      },
    })
  })
  app.provider.seen.length = 0
  expect(await call(app)).toBe('storage_unavailable: The browser keeps no data for this page.')
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(app.provider.requests('/api/x')).toEqual([])
  await app.tab.evaluate('mend()')
  expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
})

const CALL = '(url) => auth.fetch(url)'
const ECDSA = "{ name: 'ECDSA', namedCurve: 'P-256' }"

test.for([
  ['with half of its key', CALL, '({ privateKey }) => ({ privateKey })'],
  [
    'with half of its key',
    '() => auth.getAccessToken({ forceRenewal: true })',
    '({ privateKey }) => ({ privateKey })',
  ],
  ['with half of its key', '() => auth.signIn()', '({ privateKey }) => ({ privateKey })'],
  ['with the other half', CALL, '({ publicKey }) => ({ publicKey })'],
  ['with a key that is text', CALL, "() => 'key'"],
  ['with the same half twice', CALL, '({ publicKey }) => ({ publicKey, privateKey: publicKey })'],
  [
    'with a key for something else',
    CALL,
    "() => crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])",
  ],
  [
    'with a key of another curve',
    CALL,
    "() => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign'])",
  ],
  [
    'with a key that cannot sign',
    CALL,
    `async ({ publicKey }) => {
      const algorithm = ${ECDSA}
      const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign'])
      const jwk = await crypto.subtle.exportKey('jwk', privateKey)
      const nobody = { ...jwk, key_ops: ['deriveBits'] }
      const ecdh = { ...algorithm, name: 'ECDH' }
      return { publicKey, privateKey: await crypto.subtle.importKey('jwk', nobody, ecdh, false, ['deriveBits']) }
    }`,
  ],
] as const)(
  'dpop() ends a session %s, by %s, and begins the next with another (R88, R160)',
  async ([, run, damage]) => {
    const app = await fixture.open(setup)
    await signInByRedirect(app)
    await app.tab.evaluate(`(async () => {
      const done = (request) => new Promise((resolve) => {
        request.onsuccess = request.oncomplete = () => resolve(request.result)
      })
      for (const { name } of await indexedDB.databases()) {
        const database = await done(indexedDB.open(name))
        const kept = await done(database.transaction('records').objectStore('records').get('key pair'))
        const damaged = await (${damage})(kept)
        const transaction = database.transaction('records', 'readwrite')
        transaction.objectStore('records').put(damaged, 'key pair')
        await done(transaction)
        database.close()
      }
    })()`)
    await app.tab.reload()
    await started(app.tab)
    app.provider.seen.length = 0
    const outcome = await app.tab.evaluate(
      `(${run})('${app.provider.apiUrl}x').then(() => 'ok', (error) => error.code + ': ' + error.message)`,
    )
    expect(outcome).toBe('session_expired: The key of this session is gone.')
    expect(await app.tab.evaluate('[auth.state.status, auth.state.error.code]')).toEqual([
      'signed-out',
      'session_expired',
    ])
    expect(app.provider.requests('/token')).toEqual([])
    expect(app.provider.requests('/api/x')).toEqual([])
    await signInByRedirect(app)
    expect(await call(app)).toEqual({ sub: 'monika', scheme: 'DPoP' })
  },
)

test('dpop() takes calls that a page makes at once, before it has read its key, for those of one session', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  // Each reads the key for itself, and the last has read it long after the first has made its proof.
  await app.tab.evaluate(() => {
    const { exportKey } = crypto.subtle
    let calls = 0
    const slow = async (...given: Parameters<typeof exportKey>) => {
      calls += 1
      if (calls === 1) await new Promise((resolve) => Object.assign(globalThis, { goOn: resolve }))
      else (globalThis as never as { goOn?: () => void }).goOn?.()
      return exportKey.apply(crypto.subtle, given)
    }
    Object.assign(crypto.subtle, { exportKey: slow })
  })
  const outcomes = await app.tab.evaluate(`Promise.all([1, 2, 3, 4].map((each) =>
    auth.fetch('${app.provider.apiUrl}' + each).then(({ status }) => status, (error) => error.message)))`)
  expect(outcomes).toEqual([200, 200, 200, 200])
})

test('dpop() makes no key for a proof that a sign-out has overtaken (R119)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  app.provider.seen.length = 0
  const outcomes = await app.tab.evaluate(`(async () => {
    const url = '${app.provider.apiUrl}x'
    const tasks = [auth.authorize({ url }), auth.fetch(url)]
    const ending = auth.signOut({ local: true })
    const outcomes = tasks.map((task) =>
      task.then(() => 'ok', (error) => error.code + ': ' + error.message))
    await ending
    return Promise.all(outcomes)
  })()`)
  const message = 'signed_out: The user signed out in the meantime.'
  expect(outcomes).toEqual([message, message])
  expect(await namesOfRecords(app.tab)).not.toContain('key pair')
  expect(app.provider.requests('/api/x')).toEqual([])
})

test('dpop() makes no key for a renewal that a sign-out has overtaken (R119)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  app.provider.seen.length = 0
  const outcome = await app.tab.evaluate(`(async () => {
    auth.subscribe(({ renewal }) => {
      if (renewal === 'renewing') globalThis.ending = auth.signOut({ local: true })
    })
    const outcome = await auth.getAccessToken({ forceRenewal: true }).then(
      () => 'ok',
      (error) => error.code + ': ' + error.message,
    )
    await ending
    return outcome
  })()`)
  expect(outcome).toBe('signed_out: The user signed out in the meantime.')
  expect(await namesOfRecords(app.tab)).not.toContain('key pair')
  expect(app.provider.requests('/token')).toEqual([])
})

test.for([
  ['here', false],
  ['in another tab and in again', true],
] as const)(
  'dpop() sends nothing once more for a nonce after the user signed out %s (R118)',
  async ([, isElsewhere]) => {
    const app = await fixture.open(setup)
    await signInByRedirect(app)
    const arrived = createGate()
    const over = createGate()
    app.provider.options.intercept = ({ method, url }, response) => {
      if (method !== 'GET' || url !== '/api/x') return false
      arrived.open()
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
      response.setHeader('dpop-nonce', 'the first')
      void over.opened.then(() =>
        response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }).end(),
      )
      return true
    }
    const outcome = call(app)
    await arrived.opened
    if (isElsewhere) {
      const other = await app.context.newPage()
      await other.goto(app.origin)
      await started(other)
      await other.evaluate('auth.signOut({ local: true })')
      await app.tab.waitForFunction('auth.state.status === "signed-out"')
      await signInByRedirect({ ...app, tab: other })
      await app.tab.waitForFunction('auth.state.status === "signed-in"')
    } else await app.tab.evaluate('auth.signOut({ local: true })')
    over.open()
    expect(await outcome).toBe('signed_out: The user signed out in the meantime.')
    expect(app.provider.requests('/api/x').filter(({ method }) => method === 'GET')).toHaveLength(1)
    if (!isElsewhere) expect(await namesOfRecords(app.tab)).not.toContain('key pair')
  },
)

test('dpop() accepts no token that is not bound (R157)', async () => {
  const app = await fixture.open({
    imports: setup.imports,
    options: `capabilities: [dpop()],
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/token')) return response
      return Response.json({ ...(await response.json()), token_type: 'Bearer' })
    },`,
  })
  await app.tab.click('#redirect')
  await app.tab.waitForFunction(() => document.title === 'failed')
  expect(await app.tab.evaluate('[failure.code, failure.message, failure.hint]')).toEqual([
    'token_response_invalid',
    'The token response has no usable token_type.',
    'The provider bound no token to the key. If it has no DPoP, leave out dpop().',
  ])
})

test.for([
  ['with dpop() a session that was kept without it', '', 'capabilities: [dpop()]'],
  ['without dpop() a session that was kept with it', 'capabilities: [dpop()],', 'capabilities: []'],
] as const)('%s is none: nothing of it is sent', async ([, before, after]) => {
  const app = await fixture.open({
    imports: `${setup.imports}\nwindow.dpop = dpop`,
    options: before,
  })
  await signInByRedirect(app)
  app.provider.seen.length = 0
  const outcome = await app.tab.evaluate(`(async () => {
    const next = client({ ${after} })
    await next.start()
    const error = await next.fetch('${app.provider.apiUrl}x').catch((error) => error.code)
    return [next.state.status, error]
  })()`)
  expect(outcome).toEqual(['signed-out', 'not_authenticated'])
  expect(app.provider.seen).toEqual([])
})
