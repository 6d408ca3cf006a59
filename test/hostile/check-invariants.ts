import type { Snapshot } from './app.ts'
import type { Stage, Tab } from './create-stage.ts'
import { findSecret } from './find-secret.ts'
import type { Issuer, LoggedRequest } from './provider/create-issuer.ts'
import { MARKER } from './provider/keys.ts'

/**
 * What a browser itself writes to the console: about a request that failed, and about a hidden frame,
 * whose sandbox is for the provider's pages and not for our own.
 */
const BROWSERS_OWN =
  /^(Failed to load resource|Access to fetch|Fetch API cannot load|Refused to|An iframe which has both allow-scripts and allow-same-origin)/

/**
 * What has to hold after every run, good or bad. Returns what does not, in words. Closes the clients
 * of all tabs on the way, since what they leave behind shows only then.
 */
export async function checkInvariants(stage: Stage): Promise<readonly string[]> {
  const { issuers } = stage
  const problems: string[] = []
  const secrets = [MARKER, ...issuers.flatMap((issuer) => [...issuer.secrets])]
  const callbacks = new Set(
    [...issuers.flatMap((issuer) => issuer.callbacks), ...stage.visited]
      .map((url) => new URL(url).href)
      .flatMap((url) => [url, url.replace(/#.*/, '')]),
  )
  for (const tab of stage.tabs) {
    if (tab.page.isClosed() || !tab.page.url().startsWith(stage.origin)) continue
    problems.push(...(await checkAgreement(tab)))
    problems.push(...(await checkPage(tab, secrets)))
    problems.push(...(await checkHistory(tab, secrets)))
    problems.push(...(await checkLeftOvers(tab)))
  }
  problems.push(...checkObserved(stage, secrets, callbacks))
  for (const issuer of issuers) problems.push(...checkRequests(issuer))
  return problems
}

/** `state` and `getAccessToken()` say the same. */
async function checkAgreement(tab: Tab): Promise<string[]> {
  const { error, value } = await tab.call('getAccessToken')
  const { status, renewal, calls } = await tab.snapshot()
  const problems: string[] = []
  const signedIn = status === 'signed-in' && renewal !== 'expired'
  if (value !== undefined && !signedIn) problems.push(`a token although ${status} ${renewal}`)
  if (error && signedIn && !error.retryable) {
    problems.push(`no token although ${status} ${renewal}: ${error.code}`)
  }
  if (error && !signedIn && !/^(not_authenticated|session_expired)$/.test(error.code ?? '')) {
    problems.push(`getAccessToken() rejects with ${error.code}`)
  }
  for (const call of calls) {
    if (!call.settled) problems.push(`${call.name}() is still pending`)
    if (call.error?.name.startsWith('NOT')) problems.push(`${call.name}(): ${call.error.name}`)
  }
  return problems
}

async function checkPage({ page }: Tab, secrets: readonly string[]): Promise<string[]> {
  const problems: string[] = []
  const { texts, names, clean } = await page.evaluate(async () => {
    const { __watch: watch } = window
    return {
      texts: await watch.readPage(),
      names: await watch.storedNames(),
      clean: watch.arePrototypesClean(),
    }
  })
  for (const [place, text] of Object.entries(texts)) {
    const found = findSecret(text, secrets)
    if (found) problems.push(`secret in ${place}: ${found}`)
  }
  if (texts.IndexedDB?.includes('EXTRACTABLE')) problems.push('a key that can be exported')
  for (const name of names) {
    if (!name.startsWith('tessera-auth')) problems.push(`stored under ${name}`)
  }
  if (!clean) problems.push('a prototype was changed')
  if (page.frames().length > 1) problems.push('a frame is left')
  return problems
}

async function checkHistory({ page }: Tab, secrets: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  await session.detach()
  return entries
    .filter(({ url }) => findSecret(url, secrets))
    .map(({ url }) => `secret in the history: ${url}`)
}

/** Closes the page's clients. Nothing of them may stay. */
async function checkLeftOvers({ page }: Tab): Promise<string[]> {
  const found = await page.evaluate(() => {
    const { app, __watch: watch } = window
    for (const client of app.clients) client.close()
    return watch.leftOvers()
  })
  return found.map((what) => `left after close(): ${what}`)
}

/** What the profile heard from outside of its pages. */
function checkObserved(
  stage: Stage,
  secrets: readonly string[],
  callbacks: ReadonlySet<string>,
): string[] {
  const { tabs, origin } = stage
  const observed = stage.observed()
  // The callback itself, on its way from the provider.
  const own = (url: string) => callbacks.has(url)
  const texts: [string, string][] = [
    ...observed.console.map(({ type, text }): [string, string] => [`console.${type}`, text]),
    ...observed.errors.map((text): [string, string] => ['page error', text]),
    ...observed.requests.flatMap(({ url, headers }): [string, string][] => [
      ['address of a request', own(url) ? '' : url],
      // What the app itself loads from its own server is not in our hands.
      ['Referer', url.startsWith(origin) ? '' : (headers.referer ?? '')],
    ]),
    ...observed.addresses.map((url): [string, string] => ['address', own(url) ? '' : url]),
    ...tabs.flatMap((tab) =>
      tab
        .heard()
        .flatMap((snapshot: Snapshot) =>
          [snapshot.error, ...snapshot.calls.map(({ error }) => error)].map(
            (error): [string, string] => ['error', error?.text ?? ''],
          ),
        ),
    ),
  ]
  return [
    ...texts
      .filter(([, text]) => findSecret(text, secrets))
      .map(([place, text]) => `secret in ${place}: ${text}`),
    ...observed.errors.map((text) => `unhandled: ${text}`),
    ...observed.violations.map((text) => `violation: ${text}`),
    ...observed.console
      .filter(({ text }) => !BROWSERS_OWN.test(text))
      .map(({ type, text }) => `console.${type}: ${text}`),
  ]
}

/** How the requests looked that reached a provider. */
function checkRequests(issuer: Issuer): string[] {
  const problems: string[] = []
  const codes = new Set<string>()
  for (const request of issuer.log) {
    const { endpoint, method, url, body } = request
    const complain = (what: string) => problems.push(`${method} ${url.href}: ${what}`)
    if (endpoint === 'elsewhere') complain('nothing should lead here')
    if (endpoint === 'authorize' || endpoint === 'end-session') continue
    for (const what of oddities(request)) complain(what)
    if (endpoint !== 'token') continue
    const code = body.get('code')
    if (code && codes.has(code)) complain('the same code again')
    if (code) codes.add(code)
  }
  return problems
}

function oddities({ endpoint, method, headers, url, body }: LoggedRequest): string[] {
  // The one request that cannot do without: it carries an Authorization header.
  if (method === 'OPTIONS') return endpoint === 'userinfo' ? [] : ['a preflight']
  const posted = endpoint === 'token' || endpoint === 'revoke'
  const form = 'application/x-www-form-urlencoded;charset=UTF-8'
  const names = [...body.keys()]
  return [
    headers.cookie && 'a cookie',
    headers.referer && 'a referrer',
    headers['sec-fetch-mode'] !== 'cors' && 'not by CORS',
    headers['cache-control'] !== 'no-cache' && 'from the cache',
    url.search && !url.searchParams.has('own') && 'a query',
    method !== (posted ? 'POST' : 'GET') && 'the wrong method',
    posted && headers['content-type'] !== form && 'no form',
    new Set(names).size !== names.length && 'a parameter twice',
    endpoint !== 'userinfo' && headers.authorization && 'an Authorization header',
  ].filter((what): what is string => typeof what === 'string' && what !== '')
}
