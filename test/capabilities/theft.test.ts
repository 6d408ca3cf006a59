import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test, vi } from 'vitest'
import { currentEngine } from '../browsers/engines.ts'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import {
  type OpenApp,
  signInByRedirect,
  started,
  statusOf,
  useProviderApp,
} from './use-provider-app.ts'

const fixture = useProviderApp()
const setup = {
  imports: "import { dpop } from 'tessera-auth/dpop'",
  options: "capabilities: [dpop()], persistence: 'device',",
  provider: { dpopRequired: true },
}

const call = ({ tab, provider }: Pick<OpenApp, 'provider'> & { readonly tab: Page }) =>
  tab.evaluate(
    `auth.fetch('${provider.apiUrl}x').then(({ status }) => status, (error) => error.code)`,
  )

/** All that a script can read of an origin's storage, as text: what a dump holds. */
const DUMP = `(async () => {
  const bytes = (value) => ({ bytes: [...new Uint8Array(value.buffer ?? value)] })
  const text = async (value) => {
    if (value instanceof CryptoKey) {
      const format = value.type === 'secret' ? 'raw' : 'jwk'
      const exported = await crypto.subtle.exportKey(format, value).catch(() => undefined)
      return exported === undefined ? { key: 'not to be had' } : { key: exported.byteLength ? bytes(exported) : exported }
    }
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytes(value)
    if (typeof value !== 'object' || value === null) return value
    const entries = await Promise.all(Object.entries(value).map(async ([name, each]) => [name, await text(each)]))
    if ('privateKey' in value) entries.push(
      ['privateKey', await text(value.privateKey)], ['publicKey', await text(value.publicKey)])
    return Object.fromEntries(entries)
  }
  const databases = {}
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => { indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result) })
    const store = database.transaction('records').objectStore('records')
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()].map((asked) =>
      new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result) })))
    database.close()
    databases[name] = await Promise.all(keys.map(async (key, at) => [key, await text(values[at])]))
  }
  return { cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage }, databases }
})()`

/** Puts a dump into the storage of another browser, as far as it can be put back. */
const RESTORE = `async (dump) => {
  const value = (read) => {
    if (read?.bytes) return new Uint8Array(read.bytes)
    if (typeof read !== 'object' || read === null) return read
    return Object.fromEntries(Object.entries(read).map(([name, each]) => [name, value(each)]))
  }
  for (const each of dump.cookie.split('; ')) document.cookie = each + '; Path=/'
  Object.assign(localStorage, dump.local)
  Object.assign(sessionStorage, dump.session)
  for (const [name, records] of Object.entries(dump.databases)) {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('records')
    const database = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result) })
    const transaction = database.transaction('records', 'readwrite')
    for (const [key, read] of records) transaction.objectStore('records').put(value(read), key)
    await new Promise((resolve) => { transaction.oncomplete = resolve })
    database.close()
  }
}`

test('a dump of all that a script can read is worth nothing in another browser', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  expect(await call(app)).toBe(200)
  const dump = (await app.tab.evaluate(DUMP)) as { databases: object }
  const names = Object.values(dump.databases)
    .flat()
    .map(([name]) => name)
  expect(names).toEqual(expect.arrayContaining(['key', 'key pair', 'session']))
  expect(JSON.stringify(dump)).not.toContain(await app.tab.evaluate('auth.getAccessToken()'))

  const thief = await fixture.browser().newProfile()
  fixture.atEnd(thief.close)
  const tab = await thief.newPage()
  await tab.goto(`${app.origin}/oauth4webapi/index.js`)
  await tab.evaluate(`(${RESTORE})(${JSON.stringify(dump)})`)
  await tab.goto(app.origin)
  await started(tab)
  app.provider.seen.length = 0
  expect(await statusOf(tab)).toBe('signed-out')
  expect(await call({ ...app, tab })).toBe('not_authenticated')
  expect(app.provider.seen).toEqual([])
})

test('tokens that were copied while they were in use are worth nothing without the key', async () => {
  const app = await fixture.open(setup)
  await signInByRedirect(app)
  // A proxy, a log, a script that has been there: whoever sees the answer of the provider.
  const [issued] = app.provider.requests('/token').filter(({ method }) => method === 'POST')
  const { refresh_token: refreshToken } = JSON.parse(issued?.answer ?? '')
  const accessToken = String(await app.tab.evaluate('auth.getAccessToken()'))
  const { apiUrl, issuer, clientId } = app.provider
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  expect(await calculateJwkThumbprint(jwk)).toMatch(/^[\w-]{43}$/)
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  const proof = (claims: Record<string, unknown>) =>
    new SignJWT({ jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
  const ath = Buffer.from(hash).toString('base64url')
  const attempts: Record<string, string>[] = [
    { authorization: `Bearer ${accessToken}` },
    { authorization: `DPoP ${accessToken}` },
    {
      authorization: `DPoP ${accessToken}`,
      dpop: await proof({ htm: 'GET', htu: `${apiUrl}x`, ath }),
    },
  ]
  for (const headers of attempts) {
    expect((await fetch(`${apiUrl}x`, { headers })).status).toBe(401)
  }
  const refreshed = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { dpop: await proof({ htm: 'POST', htu: `${issuer}/token` }) },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: refreshToken,
    }),
  })
  expect(await refreshed.json()).toMatchObject({ error: 'invalid_grant' })
})

// No key of a browser is safe from whoever has its files: docs/security.md says so, and so it is.
test.for([
  ['device', 'signed-in', 200],
  ['session', 'signed-out', 'not_authenticated'],
] as const)(
  'the files of a profile, copied after the browser was closed, persistence %s: %s',
  async ([persistence, status, answer]) => {
    const victim = await createPersistentProfile()
    fixture.atEnd(victim.remove)
    const profile = await victim.start()
    const app = await fixture.open({
      ...setup,
      options: `capabilities: [dpop()], persistence: '${persistence}',`,
      profile,
    })
    await signInByRedirect(app)
    expect(await call(app)).toBe(200)
    await profile.close()
    const copy = await mkdtemp(join(tmpdir(), 'tessera-thief-'))
    fixture.atEnd(() => rm(copy, { recursive: true, force: true, maxRetries: 5 }))
    // A browser that was closed still tidies up, and what it deletes cannot be copied.
    await vi.waitFor(() => cp(victim.folder, copy, { recursive: true }), 10_000)
    const { context: thief } = await currentEngine().launchPersistent(copy)
    fixture.atEnd(() => thief.close())
    const tab = await thief.newPage()
    await tab.goto(app.origin)
    await started(tab)
    expect(await statusOf(tab)).toBe(status)
    expect(await call({ ...app, tab })).toBe(answer)
  },
)
