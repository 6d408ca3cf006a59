import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Road, startRoad } from '../soak/start-road.ts'
import { spellings } from './dump.ts'
import { appPage, requestsTo, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

const fixture = useFixture()
let road: Road

beforeAll(async () => {
  const { token_endpoint: token } = fixture.tenant.apps.taxefile.metadata
  road = await startRoad({ token, revocation: token.replace('/Token/', '/Revoke/') })
})
beforeEach(() => {
  fixture.tenant.set({ refresh: 'allowed' })
  road.reset()
})
afterAll(() => road?.close())

/** As long as a token, and put where nothing seals it: what the search has to find. */
const OPEN = `eyJhbGciOiJub25lIn0.${randomBytes(300).toString('base64url')}`
/**
 * Where browsers put what a page keeps. Elsewhere they note each address that they were at: in the
 * history, and as the name of what the HTTP cache holds, in Firefox also of what it is about to
 * delete.
 */
const STORAGE =
  /(IndexedDB|(Local|Session) Storage|Service Worker|Cookies|storage.default|webappsstore|cookies)/

const keepInTheOpen = (tab: Page) =>
  tab.evaluate(
    (value) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('open')
        opening.onupgradeneeded = () => opening.result.createObjectStore('open').put({ value }, 1)
        opening.onsuccess = () => resolve(opening.result.close())
      }),
    OPEN,
  )

/** Which files of a folder hold a text, in whatever spelling. */
async function filesWith(folder: string, texts: Record<string, string>): Promise<string[]> {
  const found = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = (await readFile(join(entry.parentPath, entry.name))).toString('latin1')
    for (const [what, text] of Object.entries(texts)) {
      const file = join(entry.parentPath.slice(folder.length), entry.name)
      if (spellings(text).some((spelling) => content.includes(spelling))) {
        found.add(`${what}: ${file}`)
      }
    }
  }
  return [...found]
}

test.for(['session', 'device'] as const)(
  'the files of the browser hold no token after a renewal and a reload, persistence %s',
  async (persistence) => {
    const { issuer, metadata } = fixture.tenant.apps.taxefile
    const own = { ...metadata, token_endpoint: road.tokenEndpoint }
    const options = { ...fixture.options, issuer, metadata: own, persistence }
    fixture.pages.setPage('/', appPage(options))
    const persistent = await createPersistentProfile()
    try {
      const profile = await persistent.start()
      const tab = await profile.newPage()
      await tab.goto(`${fixture.origin}/`)
      await whenStarted(tab)
      await signIn(tab, fixture, { appState: { note: 'a private note' } })
      await tab.evaluate(() => auth.getAccessToken({ forceRenewal: true }))
      await keepInTheOpen(tab)
      await tab.reload()
      await whenStarted(tab)
      expect((await stateOf(tab)).status).toBe('signed-in')
      await profile.close()

      const [issued, renewed] = road.exchanges
      const { query } = requestsTo(fixture.tenant, 'Authorize')[0] ?? {}
      const { body } = requestsTo(fixture.tenant, 'Token')[0] ?? {}
      // These stand in addresses, or were typed into a form.
      const shown = { code: issued?.sent, nonce: query?.nonce, name: 'monika.a' }
      const secrets = {
        accessToken: issued?.accessToken,
        refreshToken: issued?.refreshToken,
        claims: issued?.idToken?.split('.')[1],
        renewedAccessToken: renewed?.accessToken,
        renewedRefreshToken: renewed?.refreshToken,
        verifier: new URLSearchParams(body).get('code_verifier'),
        subject: fixture.tenant.users['monika.a']?.sub,
        appState: 'a private note',
      }
      const texts = { ...shown, ...secrets, open: OPEN }
      for (const [what, text] of Object.entries(texts)) expect(text, what).toBeTruthy()
      const files = await filesWith(persistent.folder, texts as Record<string, string>)
      expect(files.filter((file) => file.startsWith('open: '))).not.toEqual([])
      const isFound = (file: string) =>
        /^(code|nonce|name): /.test(file) ? STORAGE.test(file) : !file.startsWith('open: ')
      expect(files.filter(isFound)).toEqual([])
    } finally {
      await persistent.remove()
    }
  },
)

test.for([
  ['session', 'signed-out'],
  ['device', 'signed-in'],
] as const)(
  'persistence %s: after a restart of the browser the user is %s',
  async ([persistence, status]) => {
    fixture.pages.setPage('/', appPage({ ...fixture.options, persistence }))
    const persistent = await createPersistentProfile()
    try {
      const before = await persistent.start()
      const tab = await before.newPage()
      await tab.goto(`${fixture.origin}/`)
      await whenStarted(tab)
      await signIn(tab, fixture)
      expect((await stateOf(tab)).status).toBe('signed-in')
      await before.close()
      const after = await persistent.start()
      const again = await after.newPage()
      await again.goto(`${fixture.origin}/`)
      await whenStarted(again)
      expect(await stateOf(again)).toMatchObject({ status })
      if (status === 'signed-out') {
        expect(await stateOf(again)).toMatchObject({
          reason: 'no-session',
          error: null,
          warning: null,
        })
        await signIn(again, fixture)
        expect((await stateOf(again)).status).toBe('signed-in')
      }
      expect(after.observed.errors).toEqual([])
      await after.close()
    } finally {
      await persistent.remove()
    }
  },
)
