import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type TestBrowser } from './launch-browser.ts'
import { type Pages, page, servePages } from './serve-pages.ts'

let browser: TestBrowser
let pages: Pages

beforeAll(async () => {
  pages = await servePages()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

test('the built package loads through an import map, without a word', async () => {
  pages.setPage(
    '/package',
    page(`import * as core from 'tessera-auth'
      import * as cyberark from 'tessera-auth/cyberark'
      document.title = [typeof core.createAuth, typeof core.AuthError,
        typeof cyberark.cyberArkIdentity].join(' ')`),
  )
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin()}/package`)
  await tab.waitForFunction(() => document.title !== 'Test page')
  expect(await tab.title()).toBe('function function function')
  expect(profile.observed.errors).toEqual([])
  expect(profile.observed.console).toEqual([])
  await profile.close()
})

test.for(['localhost', 'app.localhost', '127.0.0.1'])('%s is a secure context', async (host) => {
  pages.setPage('/secure', page('document.title = String(isSecureContext)'))
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin(host)}/secure`)
  await tab.waitForFunction(() => document.title === 'true')
  expect(await tab.evaluate(() => location.host)).toBe(`${host}:${pages.port}`)
  await profile.close()
})

test('an unknown path gets the app, whatever its query', async () => {
  pages.setPage('/', page(`document.title = 'app ' + location.pathname + location.search`))
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin()}/deep/link?code=1`)
  await tab.waitForFunction(() => document.title === 'app /deep/link?code=1')
  await profile.close()
})

test('profiles share nothing, tabs of one share everything', async () => {
  pages.setPage('/storage', page(''))
  const url = `${pages.origin()}/storage`
  const [one, other] = [await browser.newProfile(), await browser.newProfile()]
  const first = await one.newPage()
  await first.goto(url)
  await first.evaluate(() => localStorage.setItem('who', 'one'))
  const second = await one.newPage()
  await second.goto(url)
  const stranger = await other.newPage()
  await stranger.goto(url)
  expect(await second.evaluate(() => localStorage.getItem('who'))).toBe('one')
  expect(await stranger.evaluate(() => localStorage.getItem('who'))).toBe(null)
  await one.close()
  await other.close()
})

test('a profile finds nothing of the one before', async () => {
  pages.setPage('/storage', page(''))
  const urls = ['localhost', 'app.localhost'].map((host) => `${pages.origin(host)}/storage`)
  const before = await browser.newProfile()
  const first = await before.newPage()
  for (const url of urls) {
    await first.goto(url)
    await first.evaluate(async () => {
      // biome-ignore lint/suspicious/noDocumentCookie: not every engine has the Cookie Store API
      document.cookie = 'who=one; Max-Age=1000'
      localStorage.setItem('who', 'one')
      sessionStorage.setItem('who', 'one')
      await caches.open('who')
      await new Promise((resolve) => {
        indexedDB.open('who').onsuccess = resolve
      })
    })
    expect(await first.evaluate(lookAround)).toEqual({
      cookies: 'who=one',
      items: [1, 1],
      databases: 1,
      caches: ['who'],
    })
  }
  await before.newPage()
  await before.close()
  const after = await browser.newProfile()
  const second = await after.newPage()
  for (const url of urls) {
    await second.goto(url)
    expect(await second.evaluate(lookAround)).toEqual({
      cookies: '',
      items: [0, 0],
      databases: 0,
      caches: [],
    })
  }
  await after.close()
})

async function lookAround() {
  return {
    cookies: document.cookie,
    items: [localStorage.length, sessionStorage.length],
    databases: (await indexedDB.databases()).length,
    caches: await caches.keys(),
  }
}

test('observed holds the console, errors, rejections, requests and addresses', async () => {
  pages.setPage(
    '/noisy',
    page(`console.warn('said s3cret')
      setTimeout(() => { throw new TypeError('thrown') })
      Promise.reject(new RangeError('rejected'))
      await fetch('/api?a=s3cret')
      history.replaceState(null, '', '/noisy#s3cret')
      await new Promise((done) => setTimeout(done))
      document.title = 'done'`),
  )
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin()}/noisy`)
  await tab.waitForFunction(() => document.title === 'done')
  await expect
    .poll(() => [...profile.observed.errors].sort())
    .toEqual(['RangeError: rejected', 'TypeError: thrown'])
  expect(profile.observed.console).toEqual([{ type: 'warning', text: 'said s3cret' }])
  expect(profile.observed.mentions('s3cret')).toEqual([
    'console.warning: said s3cret',
    `address: ${pages.origin()}/noisy#s3cret`,
    `request GET: ${pages.origin()}/api?a=s3cret`,
  ])
  expect(profile.observed.mentions('another')).toEqual([])
  await profile.close()
})

test('observed leaves out what Chromium says of a driver that is faster than a focus', async () => {
  pages.setPage(
    '/focused',
    `<!doctype html><html lang="en"><title>Focused</title><input id="first"><input autofocus>
      <script>first.focus(); requestAnimationFrame(() => setTimeout(() => console.warn('drawn')))</script>`,
  )
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin()}/focused`)
  await expect.poll(() => profile.observed.console).toEqual([{ type: 'warning', text: 'drawn' }])
  await profile.close()
})

test('a policy holds from the next page on, and what it refuses is observed', async () => {
  pages.setPage(
    '/strict',
    page(`document.title = 'ran'; document.body.innerHTML = '<img src=x:y>'`),
  )
  pages.setPolicy(`default-src 'none'; script-src 'nonce-{nonce}'`)
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${pages.origin()}/strict`)
  await tab.waitForFunction(() => document.title === 'ran')
  await expect.poll(() => profile.observed.violations.length).toBeGreaterThan(0)
  pages.setPolicy(undefined)
  await profile.close()
})

test('no name but loopback resolves', async () => {
  const profile = await browser.newProfile()
  const tab = await profile.newPage()
  await expect(tab.goto('http://example.com/')).rejects.toThrow()
  await profile.close()
})
