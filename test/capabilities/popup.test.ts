import { expect, test } from 'vitest'
import { page } from '../browsers/serve-pages.ts'
import { moveClock, useClock } from '../e2e/clock.ts'
import { namesOfRecords } from '../e2e/names-of-records.ts'
import {
  clickPopup,
  gone,
  HOLD,
  imports,
  onClick,
  openWindow,
  waitForLooks,
} from './popup-window.ts'
import { signInByRedirect, started, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()
const NO_CALLBACK_PAGE =
  'If the app itself opened in there, the page at redirectUri does not call handOverCallback() of tessera-auth/callback, or a service worker answers in its place.'

test('popup() signs in without leaving the page', async () => {
  const { tab, provider, profile, origin } = await fixture.open({ imports })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
  expect(await tab.evaluate(`auth.fetch('${provider.apiUrl}x').then((r) => r.json())`)).toEqual({
    sub: 'monika',
    scheme: 'Bearer',
  })
  expect(tab.url()).toBe(`${origin}/`)
  expect(profile.observed.errors).toEqual([])
})

test.for([
  ['as it is', undefined],
  ['where the provider cuts the tie to its opener', 'same-origin'],
] as const)('popup() closes its window %s', async ([, openerPolicy]) => {
  const { tab } = await fixture.open({
    imports,
    // The window stays empty until the driver has seen it.
    request: `via: (prepared) => popup({ timeout: Infinity })(new Promise((resolve) => {
      window.goOn = resolve
    }).then(() => prepared))`,
    provider: { ...(openerPolicy && { openerPolicy }) },
  })
  const window = await clickPopup(tab)
  const closed = gone(window)
  await tab.evaluate('goOn()')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
  await closed
})

test('popup() closes its window where the lock that shows who waits is not seen there', async () => {
  const { tab, context } = await fixture.open({ imports })
  // As in Chromium after the data of the site was deleted, until the page that waits is loaded anew.
  await context.addInitScript(() => {
    LockManager.prototype.query = async () => ({ held: [], pending: [] })
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
})

test('popup() ends with the client that is closed, and so does its window (R183)', async () => {
  const { tab } = await fixture.open({ imports, request: HOLD })
  const window = await openWindow(tab)
  const closed = gone(window)
  await tab.evaluate('auth.close()')
  expect(await tab.evaluate('done')).toBe('closed: This client was closed.')
  await closed
})

test('popup() called again ends the sign-in in the window before, even where that looks closed', async () => {
  const { tab, provider } = await fixture.open({
    imports,
    request: HOLD,
    provider: { openerPolicy: 'same-origin' },
  })
  // Where the page has the focus back, it takes the user for gone from the window.
  await tab.evaluate('document.hasFocus = () => false')
  const window = await openWindow(tab)
  await window.close()
  const first = tab.evaluate('done')
  await tab.evaluate(`void (document.getElementById('popup').onclick = () => {
    window.again = auth.signIn({ via: popup({ timeout: 60_000 }) }).then(() => 'ok', (error) => error.code)
  })`)
  await tab.click('#popup')
  expect(await first).toBe('popup_closed: Another window was opened for the sign-in.')
  expect(await tab.evaluate('again')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
  expect(provider.requests('/token')).toHaveLength(1)
})

test('popup() is another try for requireSession() after a sign-in that failed', async () => {
  const { tab } = await fixture.open({ imports })
  await tab.evaluate('void (window.native = open, window.open = () => null)')
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toContain('popup_blocked')
  await tab.evaluate('void (window.open = native)')
  expect(await tab.evaluate('auth.requireSession().catch((error) => error.code)')).toBe(
    'popup_blocked',
  )
  await tab.evaluate(onClick('auth.requireSession({ via: popup() })'))
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
})

test('popup() gives up after its time', async () => {
  const { tab } = await fixture.open({
    imports,
    request: "loginHint: 'hold', via: popup({ timeout: 1500 })",
    provider: { openerPolicy: 'same-origin' },
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('timeout: The sign-in took too long.')
  expect(await tab.evaluate('auth.state.error.hint')).toBe(NO_CALLBACK_PAGE)
})

test('popup() says what to look at where the app itself opens in the window', async () => {
  const { tab } = await fixture.open({
    imports,
    request: 'via: popup({ timeout: 10_000 })',
    callbackModule: "document.title = 'the app'",
  })
  const window = await clickPopup(tab)
  await window.waitForFunction(() => document.title === 'the app')
  await window.close()
  expect(await tab.evaluate('done')).toMatch(/^(popup_closed|timeout): /)
  expect(await tab.evaluate('auth.state.error.hint')).toBe(NO_CALLBACK_PAGE)
})

test('signIn() refuses a via that is the name of one', async () => {
  const { tab } = await fixture.open()
  expect(
    await tab.evaluate(`auth.signIn({ via: 'popup' }).catch((e) => e.code + ': ' + e.message)`),
  ).toBe('config: signIn: "via" has to be what popup() returns.')
})

test('popup() that was not called says so, and the client can go on', async () => {
  const { tab } = await fixture.open({ imports, request: 'via: popup' })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('config: popup: call it, as in via: popup().')
  expect(await statusOf(tab)).toBe('signed-out')
})

test('popup() says when one window is to be used for two sign-ins', async () => {
  const { tab } = await fixture.open({
    imports,
    request: '...(window.request ??= { via: popup({ timeout: 60_000 }) })',
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  await tab.evaluate('auth.signOut({ local: true })')
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('config: popup: call it anew for each sign-in.')
  expect(await statusOf(tab)).toBe('signed-out')
})

test('popup() says when the browser does not open its window', async () => {
  const { tab } = await fixture.open({ imports })
  await tab.evaluate('window.open = () => null')
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe(
    'popup_blocked: The browser did not open the window for the sign-in.',
  )
  expect(await tab.evaluate('auth.state.error.hint')).toBe(
    'Call popup() in the handler of a click, before any wait.',
  )
  expect(await statusOf(tab)).toBe('signed-out')
})

test('a callback that comes by a window is used once, however often it comes', async () => {
  const { tab, provider, context, origin } = await fixture.open({ imports })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  const { path } =
    fixture.pages().requests.findLast((each) => each.path.startsWith('/callback?')) ?? {}
  const address = `${origin}${path}`
  expect(new URL(address).searchParams.get('code')).toBeTruthy()
  // Nobody waits for it any more: a redirect that was processed before, and so nothing to do.
  const other = await context.newPage()
  await other.goto(address)
  await other.waitForURL(`${origin}/`)
  expect(provider.requests('/token')).toHaveLength(1)
  expect(await statusOf(tab)).toBe('signed-in')
})

test.for([
  ['led to a session', false, 'ok', 'signed-in'],
  ['failed', true, 'callback_state: The callback was used before. Sign in again.', 'signed-out'],
] as const)(
  'a sign-in that its window completed itself is what came of it: it %s',
  async ([, fails, outcome, status]) => {
    const { tab, provider, context, origin } = await fixture.open({ imports })
    // A page that was suspended takes no callback before it goes on.
    await tab.evaluate(
      onClick(`auth.signIn({ via: async (prepared) => {
        const { url, state } = await prepared
        window.address = url
        await new Promise((resolve) => { window.goOn = resolve })
        return new URLSearchParams({ state, code: 'used', iss: metadata.issuer })
      } })`),
    )
    await tab.click('#popup')
    await tab.waitForFunction('!!window.goOn')
    provider.options.intercept = (request, response) => {
      const refused = fails && request.method === 'POST' && request.url === '/token'
      if (refused) {
        response.setHeader('access-control-allow-origin', '*')
        response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant' }))
      }
      return refused
    }
    const window = await context.newPage()
    await window.goto(String(await tab.evaluate('address')))
    if (fails) await window.waitForFunction(() => document.title === 'failed')
    else await window.waitForURL(`${origin}/`)
    await tab.evaluate('goOn()')
    expect(await tab.evaluate('done')).toBe(outcome)
    expect(await statusOf(tab)).toBe(status)
  },
)

test('a page that waits for a window takes nothing that is no callback of its own', async () => {
  const { tab, provider } = await fixture.open({ imports, request: HOLD })
  const window = await openWindow(tab)
  const state = String(provider.requests('/auth')[0]?.query.state)
  await tab.evaluate((name) => {
    const channel = new BroadcastChannel(`tessera-auth callback ${name}`)
    const query = `?state=${name}&code=forged`
    for (const message of [
      null,
      'tessera-auth:1:taken',
      query,
      { version: 2, type: 'callback', query },
      { version: 1, type: 'other', query },
      { version: 1, type: 'callback' },
      { version: 1, type: 'callback', query: { toString: 0 } },
      { version: 1, type: 'callback', query: '?code=forged' },
      { version: 1, type: 'callback', query: `?state=${name}x&code=forged` },
      { version: 1, type: 'callback', query: `?state=other&code=forged&state=${name}` },
    ]) {
      channel.postMessage(message)
      globalThis.postMessage(message, '*')
    }
    channel.close()
  }, state)
  // What the provider's page says is heard by nobody.
  await window.evaluate((name) => {
    const query = `?state=${name}&code=forged`
    globalThis.opener.postMessage({ version: 1, type: 'callback', query }, '*')
  }, state)
  await waitForLooks(tab)
  expect(await statusOf(tab)).toBe('signing-in')
  expect(provider.requests('/token')).toEqual([])
})

test('the callback page tells nothing to a page of another site that opens or frames it', async () => {
  const app = await fixture.open({ imports, request: HOLD })
  const beginSignIn = async () => {
    await openWindow(app.tab)
    const state = String(app.provider.requests('/auth').at(-1)?.query.state)
    return `${app.origin}/callback?code=stolen&state=${state}`
  }
  fixture.pages().setPage(
    '/evil',
    page(`window.heard = []
addEventListener('message', ({ data }) => heard.push(data))
document.body.append('Win a prize')`),
  )
  // Another profile has nobody who waits: the strongest case is the one in the very same browser.
  const evil = await app.context.newPage()
  await evil.goto(`${fixture.pages().origin('evil.localhost')}/evil`)
  const first = await beginSignIn()
  await evil.evaluate(`void (window.onclick = () => { window.opened = open('about:blank') })`)
  const [opened] = await Promise.all([app.context.waitForEvent('page'), evil.click('body')])
  await evil.evaluate(`void (opened.location = '${first}')`)
  await gone(opened)
  // It was handed over to the app's own page, which refuses it as it would refuse a redirect.
  expect(await app.tab.evaluate('done')).toMatch(/^callback_issuer: /)
  const second = await beginSignIn()
  await evil.evaluate(`new Promise((resolve) => {
  const frame = document.createElement('iframe')
  frame.onload = resolve
  frame.src = '${second}'
  document.body.append(frame)
})`)
  expect(await evil.evaluate('heard')).toEqual([])
  expect(app.provider.requests('/token')).toEqual([])
})

test('the callback page completes a redirect as well, without waiting for anybody', async () => {
  const app = await fixture.open()
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
})

test('the callback page of a redirect asks for nobody who waits where the locks say that nobody does', async () => {
  const app = await fixture.open()
  await app.context.addInitScript(() => {
    const native = globalThis.BroadcastChannel
    globalThis.BroadcastChannel = class extends native {
      constructor(name: string) {
        super(name)
        sessionStorage.setItem('asked', `${sessionStorage.getItem('asked') ?? ''} ${name}`)
      }
    }
  })
  await signInByRedirect(app)
  expect(await app.tab.evaluate('sessionStorage.getItem("asked")')).not.toContain(
    'tessera-auth callback',
  )
})

test('popup() has its callback handed over also where the browser does not say who waits', async () => {
  const { tab, context, provider } = await fixture.open({
    imports,
    // The window stays empty until the driver has seen it.
    request: `via: (prepared) => popup({ timeout: 60_000 })(new Promise((resolve) => {
      window.goOn = resolve
    }).then(() => prepared))`,
  })
  await context.addInitScript(() => {
    LockManager.prototype.query = () => Promise.reject(new DOMException('', 'SecurityError'))
  })
  const window = await clickPopup(tab)
  const closed = gone(window)
  await tab.evaluate('goOn()')
  expect(await tab.evaluate('done')).toBe('ok')
  await closed
  expect(provider.requests('/token')).toHaveLength(1)
})

test.for([
  ['back', '/back'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
])('the callback page leads home to %s within its origin, below any <base> (R33)', async (row) => {
  const [home, path] = row
  const app = await fixture.open({
    callback: `document.head.append(
  Object.assign(document.createElement('base'), { href: 'https://cdn.example/app/' }),
)
await handOverCallback(client(), '${home}')`,
  })
  const { tab, origin } = app
  await tab.evaluate('void (window.isLeft = true, auth.signIn())')
  await tab.waitForFunction(`!window.isLeft && location.href === '${origin}${path}'`)
  await started(tab)
  expect(await statusOf(tab)).toBe('signed-in')
})

test.for([
  ['the page that was left', "returnTo: '/back#y', ", '/back#y'],
  ['the home of the app', '', '/'],
] as const)(
  'the app hears what a sign-in came back with after its callback page gave way to %s, once',
  async ([, returnTo, path]) => {
    const { tab, origin } = await fixture.open()
    const nothing = { returnTo: null, appState: null, error: null }
    expect(await tab.evaluate('ready')).toEqual(nothing)
    await tab.evaluate('window.isLeft = true')
    await tab.evaluate(`void auth.signIn({ ${returnTo}appState: { draft: 1 } })`)
    await tab.waitForFunction(`!window.isLeft && location.href === '${origin}${path}'`)
    await started(tab)
    expect(await tab.evaluate('ready')).toEqual({
      ...nothing,
      ...(returnTo && { returnTo: `${origin}${path}` }),
      appState: { draft: 1 },
    })
    expect(await statusOf(tab)).toBe('signed-in')
    await tab.reload()
    await started(tab)
    expect(await tab.evaluate('ready')).toEqual(nothing)
    expect(await namesOfRecords(tab)).not.toContainEqual(expect.stringMatching(/^arrival/))
  },
)

test('what a sign-in came back with ends with the session, also before the app has heard of it', async () => {
  const { tab, context, origin } = await fixture.open()
  const other = await context.newPage()
  // Nobody is there to hear of it.
  fixture.pages().setPage('/blank', page("document.title = 'blank'"))
  await tab.evaluate(`void auth.signIn({ returnTo: '/blank', appState: { draft: 1 } })`)
  await tab.waitForFunction(() => document.title === 'blank')
  await other.goto(origin)
  await started(other)
  expect(await namesOfRecords(other)).toContainEqual(expect.stringMatching(/^arrival/))
  await other.evaluate('auth.signOut({ local: true })')
  expect(await namesOfRecords(other)).not.toContainEqual(expect.stringMatching(/^arrival/))
  await tab.goto(`${origin}/back`)
  await started(tab)
  expect(await tab.evaluate('ready')).toEqual({ returnTo: null, appState: null, error: null })
  expect(await statusOf(tab)).toBe('signed-out')
})

test.for([
  ['is told four minutes later', 4, { draft: 1 }],
  ['is not told six minutes later', 6, null],
  ['is not told by a clock that was set back by six minutes', -6, null],
] as const)('what a sign-in came back with %s', async ([, minutes, appState]) => {
  const { tab, profile, origin } = await fixture.open()
  await useClock(profile)
  fixture.pages().setPage('/blank', page("document.title = 'blank'"))
  await tab.evaluate(`void auth.signIn({ returnTo: '/blank', appState: { draft: 1 } })`)
  await tab.waitForFunction(() => document.title === 'blank')
  await moveClock(tab, { device: minutes * 60_000 })
  await tab.goto(`${origin}/back`)
  await started(tab)
  expect(await tab.evaluate('ready.then((result) => result.appState)')).toEqual(appState)
  expect(await statusOf(tab)).toBe('signed-in')
})

test('a sign-in is completed also where what it came back with cannot be kept', async () => {
  const { tab, context, origin } = await fixture.open()
  await context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value, key) {
      if (`${key}`.startsWith('arrival ')) throw new DOMException('', 'QuotaExceededError')
      return put.call(this, value, key)
    }
  })
  await tab.evaluate(`void auth.signIn({ returnTo: '/back', appState: { draft: 1 } })`)
  await tab.waitForURL(`${origin}/back`)
  await started(tab)
  expect(await statusOf(tab)).toBe('signed-in')
  expect(await tab.evaluate('ready')).toEqual({ returnTo: null, appState: null, error: null })
})

test('what a sign-in came back with is not kept for an app that signs out at once (R119)', async () => {
  const callback = `const auth = client()
auth.subscribe(({ status }) => status === 'signed-in' && auth.signOut({ local: true }))
await handOverCallback(auth)`
  const { tab } = await fixture.open({ callback })
  // Nobody is there to take it.
  fixture.pages().setPage('/blank', page("document.title = 'blank'"))
  await tab.evaluate(`void auth.signIn({ returnTo: '/blank', appState: { draft: 1 } })`)
  await tab.waitForFunction(() => document.title === 'blank')
  const names = await namesOfRecords(tab)
  expect(names).not.toContainEqual(expect.stringMatching(/^(arrival|session)/))
})

const IN_MEMORY = [
  ['the app wants it there', "persistence: 'memory',", ''],
  [
    'the browser has no Web Locks',
    '',
    'Object.defineProperty(navigator, "locks", { value: null })',
  ],
] as const

test.for(IN_MEMORY)(
  'a session in memory begins on the page after the callback page, where %s',
  async ([, options, content]) => {
    const { tab, context, origin, provider } = await fixture.open({ options })
    await context.addInitScript({ content })
    await tab.evaluate(`void auth.signIn({ returnTo: '/back', appState: { draft: 1 } })`)
    await tab.waitForURL(`${origin}/back`)
    await started(tab)
    expect(await statusOf(tab)).toBe('signed-in')
    const result = { returnTo: `${origin}/back`, appState: { draft: 1 }, error: null }
    expect(await tab.evaluate('ready')).toEqual(result)
    expect(provider.requests('/token')).toHaveLength(1)
    expect(await namesOfRecords(tab)).not.toContainEqual(expect.stringMatching(/^arrival/))
    expect(tab.url()).toBe(`${origin}/back`)
  },
)

test('a session in memory begins also where a router keeps the callback page', async () => {
  const { tab, origin, provider } = await fixture.open({
    options: "persistence: 'memory',",
    callback: `const auth = client()
  Object.assign(window, { auth })
  const show = () => auth.start().then(() => { document.title = 'started' })
  window.navigation?.addEventListener('navigate', (event) => {
    const isView = new URL(event.destination.url).pathname !== location.pathname
    if (isView && event.canIntercept) event.intercept({ handler: show })
  })
  await handOverCallback(auth)`,
  })
  await tab.evaluate(`void auth.signIn({ returnTo: '/back' })`)
  await tab.waitForURL(`${origin}/back`)
  await started(tab)
  expect(await statusOf(tab)).toBe('signed-in')
  const result = { returnTo: `${origin}/back`, appState: null, error: null }
  expect(await tab.evaluate('auth.start()')).toEqual(result)
  expect(provider.requests('/token')).toHaveLength(1)
})

test('a session in memory begins also where an earlier one is stored', async () => {
  const app = await fixture.open()
  await signInByRedirect(app)
  const { tab, context, origin } = app
  const [, , content] = IN_MEMORY[1]
  await context.addInitScript({ content })
  await tab.reload()
  await started(tab)
  await tab.evaluate(`void (window.isLeft = true, auth.signIn({ returnTo: '/back' }))`)
  await tab.waitForFunction(`!window.isLeft && location.href === '${origin}/back'`)
  await started(tab)
  expect(await statusOf(tab)).toBe('signed-in')
})

test.for(IN_MEMORY)(
  'a redirect that the provider refuses is told on the callback page, also where %s',
  async ([, options, content]) => {
    const { tab, context } = await fixture.open({ options })
    await context.addInitScript({ content })
    // Nobody is signed in there.
    await tab.evaluate(`void auth.signIn({ prompt: 'none', returnTo: '/back' })`)
    await tab.waitForFunction(() => document.title === 'failed')
    expect(await tab.evaluate('[failure.code, failure.providerError]')).toEqual([
      'interaction_required',
      'login_required',
    ])
  },
)

test('what a sign-in came back with is not told to another user', async () => {
  const { tab, context, origin } = await fixture.open()
  fixture.pages().setPage('/blank', page("document.title = 'blank'"))
  await tab.evaluate(`void auth.signIn({ returnTo: '/blank', appState: { draft: 1 } })`)
  await tab.waitForFunction(() => document.title === 'blank')
  const other = await context.newPage()
  await other.goto(origin)
  await started(other)
  expect(await other.evaluate('auth.state.user.sub')).toBe('monika')
  expect(await namesOfRecords(other)).toContainEqual(expect.stringMatching(/^arrival/))
  await context.clearCookies({ name: /^_session/ })
  await other.evaluate(`void auth.signIn({ loginHint: 'norbert', returnTo: '/blank' })`)
  await other.waitForFunction(() => document.title === 'blank')
  await tab.goto(`${origin}/back`)
  await started(tab)
  expect(await tab.evaluate('auth.state.user.sub')).toBe('norbert')
  expect(await tab.evaluate('ready')).toEqual({ returnTo: null, appState: null, error: null })
  await other.goto(`${origin}/back`)
  await started(other)
  expect(await other.evaluate('ready.then((result) => result.returnTo)')).toBe(`${origin}/blank`)
  expect(await namesOfRecords(other)).not.toContainEqual(expect.stringMatching(/^arrival/))
})

test('the callback page scrubs its address before it waits for anything', async () => {
  const { tab, context, origin } = await fixture.open()
  await context.addInitScript(() => {
    const replace = history.replaceState
    const seen: string[] = []
    Object.assign(globalThis, { seen })
    history.replaceState = (...given) => {
      replace.apply(history, given)
      seen.push(location.href)
    }
    const { query } = LockManager.prototype
    LockManager.prototype.query = () => {
      seen.push('waits')
      return query.call(navigator.locks)
    }
  })
  await tab.goto(`${origin}/callback?code=unknown&state=${'A'.repeat(43)}`)
  await tab.waitForFunction(() => document.title === 'failed')
  expect(await tab.evaluate('seen.slice(0, 2)')).toEqual([`${origin}/callback`, 'waits'])
  expect(tab.url()).toBe(`${origin}/callback`)
  expect(await tab.evaluate('failure.code')).toBe('callback_state')
})

test('the callback page never puts the response back into its address', async () => {
  const app = await fixture.open()
  await app.context.addInitScript(() => {
    const note = () => {
      sessionStorage.setItem('seen', `${sessionStorage.getItem('seen') ?? ''} ${location.href}`)
    }
    for (const name of ['pushState', 'replaceState'] as const) {
      const change = history[name]
      history[name] = (...given) => {
        change.apply(history, given)
        note()
      }
    }
    globalThis.navigation?.addEventListener('currententrychange', note)
  })
  await signInByRedirect(app)
  const seen = String(await app.tab.evaluate('sessionStorage.getItem("seen")'))
  expect(seen).toContain(`${app.origin}/callback`)
  expect(seen).not.toMatch(/[?&#](code|state|iss)=/)
})

test('handOverCallback() called twice, as StrictMode does, signs in once', async () => {
  const app = await fixture.open({
    callback: 'const auth = client()\nhandOverCallback(auth)\nawait handOverCallback(auth)',
  })
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(app.provider.requests('/token')).toHaveLength(1)
})

// As an effect of a layout does, which comes after that of the page in it.
const IN_LAYOUT =
  'const auth = client()\nconst handed = handOverCallback(auth)\nvoid auth.start()\nawait handed'

test.for(["'session'", "'memory'"])(
  'a layout that starts the client around the callback page takes no redirect from it, persistence %s',
  async (persistence) => {
    const app = await fixture.open({
      callback: IN_LAYOUT,
      options: `persistence: ${persistence},`,
    })
    await app.tab.evaluate("void auth.signIn({ returnTo: '/?here', appState: 7 })")
    await app.tab.waitForURL(`${app.origin}/?here`)
    await started(app.tab)
    expect(await statusOf(app.tab)).toBe('signed-in')
    expect(await app.tab.evaluate('auth.start()')).toMatchObject({ appState: 7, error: null })
    expect(app.provider.requests('/token')).toHaveLength(1)
  },
)

test('a layout that starts the client around the callback page takes no popup from it', async () => {
  const { tab, provider, profile } = await fixture.open({ imports, callback: IN_LAYOUT })
  const opened = tab.context().waitForEvent('page')
  await tab.click('#popup')
  await (await opened).waitForEvent('close')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
  expect(provider.requests('/token')).toHaveLength(1)
  expect(profile.observed.errors).toEqual([])
})

test.for(['{}', 'undefined', 'null', "'auth'"])(
  'handOverCallback(%s) refuses what is no client of this package, and scrubs the address',
  async (given) => {
    const { tab, origin } = await fixture.open({ callback: `await handOverCallback(${given})` })
    await tab.goto(`${origin}/callback?code=unknown&state=${'A'.repeat(43)}`)
    await tab.waitForFunction(() => document.title === 'failed')
    expect(await tab.evaluate('[failure.code, failure.message]')).toEqual([
      'config',
      'handOverCallback: not a client of this package.',
    ])
    expect(tab.url()).toBe(`${origin}/callback`)
  },
)

const LOADED = "performance.getEntriesByType('navigation')[0].type"

test('a page with two copies of this package is loaded once more, with the callback', async () => {
  const callback = `await handOverCallback(${LOADED} === 'reload' ? client() : { ...client() })`
  const app = await fixture.open({ callback })
  await signInByRedirect(app)
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(app.provider.requests('/token')).toHaveLength(1)
})

test('a page with two copies of this package and no callback in its address is not loaded again', async () => {
  const { tab, origin } = await fixture.open({
    callback: 'await handOverCallback({ ...client() })',
  })
  await tab.goto(`${origin}/callback`)
  await tab.waitForFunction(() => document.title === 'failed')
  expect(await tab.evaluate(`[failure.code, ${LOADED}]`)).toEqual(['config', 'navigate'])
})

test('a page that has two copies of this package after all says so, and scrubs the address', async () => {
  const { tab, origin } = await fixture.open({
    callback: 'await handOverCallback({ ...client() })',
  })
  const address = `${origin}/callback?code=unknown&state=${'A'.repeat(43)}`
  await tab.goto(address)
  await tab.waitForFunction(() => document.title === 'failed')
  expect(await tab.evaluate('[failure.code, failure.message, failure.hint]')).toEqual([
    'config',
    'handOverCallback: not a client of this package.',
    'If it is one, the page has two copies of the package: with Vite, name its imports in optimizeDeps.include.',
  ])
  expect(await tab.evaluate(LOADED)).toBe('reload')
  expect(tab.url()).toBe(`${origin}/callback`)
})
