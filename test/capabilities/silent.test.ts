import { text } from 'node:stream/consumers'
import type { Auth } from 'tessera-auth'
import { expect, test } from 'vitest'
import { namesOfRecords } from '../e2e/names-of-records.ts'
import { renewAndSignOut } from '../e2e/sign-out-midway.ts'
import { createGate } from '../fetch/listen.ts'
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
  imports: "import { silentFrame } from 'tessera-auth/silent'",
  options: 'capabilities: [silentFrame()],',
  provider: { refreshTokens: false },
} satisfies AppSetup
/** For providers that never answer. */
const impatient = { ...setup, options: 'capabilities: [silentFrame({ timeout: 2_000 })],' }

const renew = ({ tab }: OpenApp) =>
  tab.evaluate(`auth.getAccessToken({ forceRenewal: true }).then(() => 'renewed', (e) => e.code)`)
const framesOf = ({ tab }: OpenApp) => tab.evaluate('document.querySelectorAll("iframe").length')
const silentRequests = ({ provider }: OpenApp) =>
  provider.requests('/auth').filter(({ query }) => query.prompt === 'none')

test('silentFrame() renews where there is no refresh token', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const before = await app.tab.evaluate('auth.getAccessToken()')
  expect(await renew(app)).toBe('renewed')
  expect(await app.tab.evaluate('auth.getAccessToken()')).not.toBe(before)
  expect(await framesOf(app)).toBe(0)
  expect(silentRequests(app)).toHaveLength(1)
})

test('silentFrame() renews where the lock that shows who waits is not seen in the frame', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  // As in Chromium after the data of the site was deleted, until the page that waits is loaded anew.
  await app.context.addInitScript(() => {
    LockManager.prototype.query = async () => ({ held: [], pending: [] })
  })
  expect(await renew(app)).toBe('renewed')
  expect(silentRequests(app)).toHaveLength(1)
})

test('silentFrame() asks for the audience of the API that the token is for', async () => {
  const url = `${fixture.pages().origin()}/other/`
  const app = await fixture.open({
    ...setup,
    options: `${setup.options} resources: [{ url: '/api/' }, { url: '${url}', audience: 'other API' }],`,
  })
  await signInByRedirect(app)
  const first = await app.tab.evaluate('auth.getAccessToken()')
  const other = await app.tab.evaluate(`auth.getAccessToken({ url: '${url}' })`)
  expect(silentRequests(app).map(({ query }) => query.audience)).toEqual(['other API'])
  expect(app.provider.requests('/token').map(({ body }) => body.audience)).toEqual([
    undefined,
    'other API',
  ])
  expect(other).not.toBe(first)
  // Neither takes the place of the other.
  expect(await app.tab.evaluate('auth.getAccessToken()')).toBe(first)
  expect(await app.tab.evaluate(`auth.getAccessToken({ url: '${url}' })`)).toBe(other)
  expect(silentRequests(app)).toHaveLength(1)
})

test('a provider that wants to see the user leaves the session as it is, and the state says why', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  await app.context.clearCookies({ name: /^_(session|interaction)/ })
  expect(await renew(app)).toBe('interaction_required')
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(await app.tab.evaluate('auth.state.error.providerError')).toBe('login_required')
  expect(await app.tab.evaluate('auth.getAccessToken().then((token) => token.length > 0)')).toBe(
    true,
  )
  expect(app.provider.requests('/token')).toHaveLength(1)
  expect(await framesOf(app)).toBe(0)
})

test.for([
  ['ignores prompt=none', {}],
  ['refuses to be framed (X-Frame-Options)', { 'x-frame-options': 'DENY' }],
  [
    'refuses to be framed (frame-ancestors)',
    { 'content-security-policy': "frame-ancestors 'none'" },
  ],
] as const)('a provider that %s is not taken for the end of the session', async ([, headers]) => {
  const app = await fixture.open(impatient)
  await signInByRedirect(app)
  Object.assign(app.provider.options, { headers, ignoresPrompt: true })
  expect(await renew(app)).toBe('interaction_required')
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(await app.tab.evaluate('[auth.state.error.code, auth.state.error.hint]')).toEqual([
    'timeout',
    'Third-party cookies are blocked, a policy does not allow the frame (frame-src or Cross-Origin-Embedder-Policy of this page, frame-ancestors of the provider or of the page at redirectUri), or that page does not call handOverCallback() of tessera-auth/callback, or a service worker answers in its place.',
  ])
  expect(await framesOf(app)).toBe(0)
})

test('a frame that has no answer leaves no sign-in behind, of which the latest thirty are kept (R11)', async () => {
  const app = await fixture.open(impatient)
  await signInByRedirect(app)
  app.provider.options.ignoresPrompt = true
  expect(await renew(app)).toBe('interaction_required')
  expect(silentRequests(app)).toHaveLength(1)
  const names = await namesOfRecords(app.tab)
  expect(names.filter((name) => name.startsWith('transaction'))).toEqual([])
})

test('a page in the frame that takes the focus does not get what the user types', async () => {
  const app = await fixture.open(impatient)
  await signInByRedirect(app)
  app.provider.options.intercept = ({ url = '' }, response) => {
    if (!url.includes('prompt=none')) return false
    const take = `onload = () => { focus(); document.querySelector('input').focus(); fetch('/taken') }`
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<input type="password"><script>${take}</script>`)
    return true
  }
  const { tab } = app
  await tab.evaluate(`document.body.innerHTML = '<input id="field">'`)
  await tab.click('#field')
  await tab.keyboard.type('one ')
  const renewal = renew(app)
  await expect.poll(() => app.provider.requests('/taken').length).toBe(1)
  await tab.keyboard.type('two')
  expect(await tab.evaluate('document.activeElement.id')).toBe('field')
  expect(await renewal).toBe('interaction_required')
  await tab.keyboard.type(' three')
  expect(await tab.evaluate('document.querySelector("#field").value')).toBe('one two three')
})

test.for([
  ["the provider and 'self'", 'PROVIDER SELF', 'renewed'],
  ['the provider alone', 'PROVIDER', 'interaction_required'],
  ["'self' alone", 'SELF', 'interaction_required'],
] as const)('a policy whose frame-src lists %s', async ([, listed, outcome]) => {
  const app = await fixture.open(impatient)
  await signInByRedirect(app)
  const sources = listed.replace('PROVIDER', app.provider.issuer).replace('SELF', "'self'")
  fixture.pages().setPolicy(`frame-src ${sources}; frame-ancestors 'self'`)
  fixture.atEnd(async () => fixture.pages().setPolicy(undefined))
  await app.tab.reload()
  await started(app.tab)
  expect(await renew(app)).toBe(outcome)
  expect(await statusOf(app.tab)).toBe('signed-in')
  expect(await framesOf(app)).toBe(0)
})

test.for([
  ['callback', 'interaction_required'],
  ['answer to a pushed request', 'token_request_refused'],
] as const)(
  'an ID token that was sent as a hint stands in no error, where the %s repeats it',
  async ([place, code]) => {
    const app = await fixture.open({
      ...setup,
      imports: `${setup.imports}\nimport { pushedAuthorization } from 'tessera-auth/par'`,
      options: `capabilities: [silentFrame({ idTokenHint: true })${place === 'callback' ? '' : ', pushedAuthorization()'}],`,
    })
    await signInByRedirect(app)
    const hints: string[] = []
    const refusal = (hint: string | null) => {
      hints.push(hint ?? '')
      return { error: 'invalid_request', error_description: `who is ${hint}?` }
    }
    app.provider.options.intercept = (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', app.provider.issuer)
      if (place === 'callback' && pathname === '/auth') {
        const back = new URLSearchParams({
          ...refusal(searchParams.get('id_token_hint')),
          state: searchParams.get('state') ?? '',
          iss: app.provider.issuer,
        })
        response.writeHead(303, { location: `${searchParams.get('redirect_uri')}?${back}` }).end()
      } else if (place !== 'callback' && pathname === '/request' && request.method === 'POST') {
        void text(request).then((body) => {
          const json = refusal(new URLSearchParams(body).get('id_token_hint'))
          response.writeHead(400, { 'access-control-allow-origin': '*' }).end(JSON.stringify(json))
        })
      } else return false
      return true
    }
    expect(await renew(app)).toBe(code)
    expect(hints).toEqual([expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/)])
    expect(await app.tab.evaluate('auth.state.error.providerErrorDescription')).toBe('who is ...?')
    const shown = await app.tab.evaluate<string>(
      'JSON.stringify(auth.state) + auth.state.error.stack + auth.state.error.cause',
    )
    expect(shown).not.toContain(hints[0])
  },
)

test('another user than the one signed in does not take the session over by a frame (R148)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  await app.context.clearCookies({ name: /^_session/ })
  const { issuer, clientId } = app.provider
  const other = new URLSearchParams({
    client_id: clientId,
    redirect_uri: `${app.origin}/callback`,
    response_type: 'code',
    scope: 'openid api.read',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    state: 'of-another-page',
    login_hint: 'norbert',
  })
  const tab = await app.context.newPage()
  await tab.goto(`${issuer}/auth?${other}`)
  await tab.waitForFunction(() => document.title === 'failed')
  expect(await renew(app)).toBe('interaction_required')
  expect(await app.tab.evaluate('[auth.state.error.code, auth.state.user.sub]')).toEqual([
    'user_mismatch',
    'monika',
  ])
})

test('of several tabs one alone opens a frame, and all get its token (R173)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const tabs = [app.tab, await app.context.newPage(), await app.context.newPage()]
  for (const tab of tabs.slice(1)) {
    await tab.goto(app.origin)
    await started(tab)
  }
  // At one moment, whichever way a driver has of asking several tabs.
  for (const tab of tabs) {
    await tab.evaluate(`void (window.token = new Promise((resolve) => {
      new BroadcastChannel('go').onmessage = () => resolve(auth.getAccessToken({ forceRenewal: true }))
    }))`)
  }
  const last = await app.context.newPage()
  await last.goto(app.origin)
  await started(last)
  // All have asked before one of them has its answer.
  let frames = 0
  const all = createGate()
  app.provider.options.intercept = ({ url = '' }, response) => {
    if (!url.includes('prompt=none') || url.includes('held=')) return false
    frames += 1
    void all.opened.then(() => response.writeHead(302, { location: `${url}&held=1` }).end())
    return true
  }
  await last.evaluate(`new BroadcastChannel('go').postMessage('')`)
  const asking = () =>
    last.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query()
      return [...held, ...pending].filter(({ name }) => name?.startsWith('tessera-auth [')).length
    })
  await expect.poll(asking).toBe(3)
  all.open()
  const tokens = await Promise.all(tabs.map((tab) => tab.evaluate('token')))
  expect(new Set(tokens).size).toBe(1)
  expect(frames).toBe(1)
})

test('a page that is left before its frame opens does not keep the next one waiting', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  // Five failures in a minute are followed by a pause.
  for (let count = 0; count < 5; count++) {
    const asked = createGate()
    app.provider.options.intercept = ({ url }) => {
      if (url !== '/jwks') return false
      asked.open()
      return true
    }
    await app.tab.evaluate('void auth.getAccessToken({ forceRenewal: true }).catch(() => {})')
    await asked.opened
    await app.tab.reload()
    await started(app.tab)
  }
  app.provider.options.intercept = () => false
  expect(await renew(app)).toBe('renewed')
})

test('frames that fail follow one another, and never overlap (R173)', async () => {
  const app = await fixture.open(impatient)
  await signInByRedirect(app)
  const other = await app.context.newPage()
  await other.goto(app.origin)
  await started(other)
  app.provider.options.ignoresPrompt = true
  const count = `new MutationObserver(() => {
    const channel = new BroadcastChannel('frames')
    channel.postMessage(document.querySelectorAll('iframe').length)
  }).observe(document.documentElement, { childList: true })`
  const seen = await app.context.newPage()
  await seen.goto(app.origin)
  await seen.evaluate(`void (() => {
    window.seen = []
    new BroadcastChannel('frames').onmessage = ({ data }) => seen.push(data)
  })()`)
  await Promise.all([app.tab, other].map((tab) => tab.evaluate(count)))
  const outcomes = await Promise.all([renew(app), renew({ ...app, tab: other })])
  expect(outcomes).toEqual(['interaction_required', 'interaction_required'])
  // One comes and goes before the next.
  await expect.poll(() => seen.evaluate('seen.at(-1)')).toBe(0)
  const changes = (await seen.evaluate('seen')) as number[]
  expect(changes.slice(0, 2)).toEqual([1, 0])
  expect(changes.filter((number, at) => number !== (at + 1) % 2)).toEqual([])
})

test('signing out while a frame is under way leaves nothing of it behind', async () => {
  const options = 'capabilities: [silentFrame({ timeout: 5_000 })],'
  const app = await fixture.open({ ...setup, options })
  await signInByRedirect(app)
  app.provider.options.ignoresPrompt = true
  const renewal = renew(app)
  await app.tab.waitForFunction(() => !!document.querySelector('iframe'))
  await app.tab.evaluate('auth.signOut({ local: true })')
  expect(await statusOf(app.tab)).toBe('signed-out')
  await renewal
  expect(await framesOf(app)).toBe(0)
  expect(await statusOf(app.tab)).toBe('signed-out')
})

test.for([
  ['with an ID token', ''],
  ['without an ID token', "scope: ['api.read'],"],
] as const)(
  'signing out at any moment of a silent renewal brings nobody back, %s (R125)',
  { timeout: 180_000 },
  async ([, scope]) => {
    const app = await fixture.open({ ...setup, options: setup.options + scope })
    await signInByRedirect(app)
    const { commits } = await renewAndSignOut(app.tab, 0)
    for (let turn = 2; turn <= commits; turn++) {
      const { seen, after } = await renewAndSignOut(app.tab, turn)
      expect([seen, after], `${turn} of ${commits}`).toEqual([['signed-out'], 'not_authenticated'])
      const other = await app.context.newPage()
      await other.goto(app.origin)
      await started(other)
      expect(await statusOf(other), `${turn} of ${commits}, another tab`).toBe('signed-out')
      await other.close()
      await signInByRedirect(app)
    }
  },
)

test('signing out in another tab that is not heard of brings nobody back by a frame either', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const other = await app.context.newPage()
  await other.goto(app.origin)
  await started(other)
  // The frame's request is being made while the other tab signs out.
  await app.tab.evaluate(() => {
    const { digest } = crypto.subtle
    const told = new Promise((resolve) => {
      new BroadcastChannel('told').onmessage = resolve
    })
    Object.assign(globalThis, {
      digesting: new Promise((resolve) => {
        crypto.subtle.digest = async (...given) => {
          resolve(null)
          await told
          return digest.apply(crypto.subtle, given)
        }
      }),
    })
  })
  const renewal = renew(app)
  await app.tab.evaluate('digesting')
  await other.evaluate(async () => {
    const { postMessage } = BroadcastChannel.prototype
    BroadcastChannel.prototype.postMessage = () => {}
    const { auth } = globalThis as never as { auth: Auth }
    await auth.signOut({ local: true })
    postMessage.call(new BroadcastChannel('told'), '')
  })
  expect(await renewal).toBe('signed_out')
  expect(silentRequests(app)).toEqual([])
  await other.reload()
  await started(other)
  expect(await statusOf(other)).toBe('signed-out')
})

test('signing out in another tab while a silent renewal waits for its turn brings nobody back', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  const other = await app.context.newPage()
  await other.goto(app.origin)
  await started(other)
  // As after a renewal that failed: the next one is due in a moment, which lasts until the test says.
  const now = Date.now()
  await app.tab.evaluate((now) => {
    const { setTimeout } = window
    Date.now = () => now
    Object.assign(window, {
      setTimeout: (task: () => void, after?: number) =>
        after === 950 ? void Object.assign(window, { goOn: task }) : setTimeout(task, after),
    })
  }, now)
  await other.evaluate(async (now) => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    const opening = indexedDB.open(name)
    await new Promise((resolve) => {
      opening.onsuccess = resolve
    })
    const writing = opening.result.transaction('records', 'readwrite')
    const pace = { failures: 1, notBefore: now + 950, last: 0 }
    writing.objectStore('records').put(pace, 'pace')
    opening.result.close()
    await new Promise((resolve) => {
      writing.oncomplete = resolve
    })
  }, now)
  const renewal = renew(app)
  await app.tab.waitForFunction('!!window.goOn')
  await other.evaluate('auth.signOut({ local: true })')
  await app.tab.evaluate('goOn()')
  // Whether the tab hears of it while the renewal waits, or before, is a matter of chance.
  expect(await renewal).toMatch(/^(signed_out|not_authenticated)$/)
  expect(await Promise.all([app.tab, other].map(statusOf))).toEqual(['signed-out', 'signed-out'])
  expect(silentRequests(app)).toEqual([])
})

test('a client that is closed while its frame is open leaves neither frame nor lock (R183)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  Object.assign(app.provider.options, {
    headers: { 'x-frame-options': 'DENY' },
    ignoresPrompt: true,
  })
  const renewal = renew(app)
  await app.tab.waitForFunction('document.querySelectorAll("iframe").length === 1')
  await app.tab.evaluate('auth.close()')
  expect(await renewal).toBe('closed')
  expect(await framesOf(app)).toBe(0)
  // Nobody waits for the ten seconds that the frame had.
  const first = await app.tab.evaluate(`new Promise((resolve) => {
    setTimeout(resolve, 5_000, 'held')
    const taken = async () => {
      const { held } = await navigator.locks.query()
      if (held.length === 0) resolve('free')
      else requestAnimationFrame(taken)
    }
    taken()
  })`)
  expect(first).toBe('free')
})

test('silentFrame() opens no frame in a page that is prerendered, and renews when that is shown (R16)', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  await app.tab.evaluate(
    `Object.defineProperty(document, 'prerendering', { value: true, configurable: true })`,
  )
  expect(await renew(app)).toBe('network')
  expect(silentRequests(app)).toEqual([])
  expect(await app.tab.evaluate('auth.state.renewal')).toBe('retrying')
  await app.tab.evaluate(`Object.defineProperty(document, 'prerendering', { value: false })`)
  await expect.poll(() => renew(app)).toBe('renewed')
})
