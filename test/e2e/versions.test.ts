import { readFile } from 'node:fs/promises'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import {
  appPage,
  leave,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

const fixture = useFixture()
type Version = 'built' | 'later' | 'raised'

/**
 * The package as it will be: `later` when what it stores has another form, `raised` when its database
 * has another version.
 */
const builds: { [version in Version]?: string } = {}

beforeAll(async () => {
  const form = [/src.(session|client)/, /\bformat(: | === )1\b/g, 'format$12'] as const
  // The type, what reads it, and the two that write it.
  builds.later = await build(4, form)
  const file = /create-indexed-db-records/
  builds.raised = await build(
    2,
    [file, /\.open\(name(, 1)?\)/g, '.open(name, 2)'],
    [file, /(?<=onupgradeneeded = \(\) => )/g, 'opening.transaction.objectStoreNames[0] || '],
  )
})

/**
 * Builds the package with changes in its source, each a pattern for the file, one for what is replaced
 * there, and what it is replaced by.
 *
 * @param expected how many places have to be replaced
 */
async function build(
  expected: number,
  ...changes: readonly (readonly [file: RegExp, old: RegExp, next: string])[]
): Promise<string> {
  let count = 0
  const bundle = await rollup({
    input: 'src/script.ts',
    plugins: [
      {
        name: 'another version',
        async load(id) {
          const own = changes.filter(([file]) => file.test(id))
          if (own.length === 0) return null
          return own.reduce(
            (code, [, old, next]) => {
              count += [...code.matchAll(old)].length
              return code.replace(old, next)
            },
            await readFile(id, 'utf8'),
          )
        },
      },
      nodeResolve(),
      esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' }),
    ],
  })
  const { output } = await bundle.generate({ format: 'iife', name: 'tessera' })
  expect(count).toBe(expected)
  return output[0].code
}

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  fixture.pages.setPage('/later', pageOf('later'))
  fixture.pages.setPage('/raised', pageOf('raised'))
})

function pageOf(version: Version): string {
  const html = appPage(fixture.options)
  const code = builds[version]
  if (!code) return html
  return html
    .replace("import { createAuth } from 'tessera-auth'", 'const { createAuth } = tessera')
    .replace('<script type="module"', () => `<script>${code}</script><script type="module"`)
}

/** What the server has for those who come back from the tenant. */
const deploy = (version: Version) => fixture.pages.setPage('/callback', pageOf(version))
const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
const isSignedOut = () => auth.state.status === 'signed-out'
const GIVEN = { value: expect.any(String) }
const NOBODY = { error: { code: 'not_authenticated' } }

test('tabs of two versions of the package do each other no harm (R144)', async () => {
  deploy('built')
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const later = await fixture.open('/later', profile)
  const unharmed = { error: null, warning: null }
  expect(await stateOf(later)).toMatchObject({ reason: 'no-session', ...unharmed })
  expect(await renew(later)).toMatchObject(NOBODY)
  // What the other cannot read it leaves alone.
  expect(await renew(tab)).toEqual(GIVEN)
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', ...unharmed })
  // Who signs in last has the session. The other one says that it has none, and goes on.
  for (const [version, winner, loser] of [
    ['later', later, tab],
    ['built', tab, later],
  ] as const) {
    deploy(version)
    await signInAgain(winner)
    await loser.waitForFunction(isSignedOut)
    expect(await stateOf(loser)).toMatchObject({ reason: 'signed-out', ...unharmed })
    expect(await renew(loser)).toMatchObject(NOBODY)
    expect(await renew(winner)).toEqual(GIVEN)
    expect(await stateOf(winner)).toMatchObject({ status: 'signed-in', ...unharmed })
  }
  // Signing out ends the session of either, whoever does it.
  await later.evaluate(() => auth.signOut({ local: true }))
  await tab.waitForFunction(isSignedOut)
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ reason: 'no-session', ...unharmed })
})

test('a sign-in that comes back to another version fails in words, and hurts no session (R144)', async () => {
  deploy('built')
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const leaving = await fixture.open('/', profile)
  fixture.tenant.endSessions()
  await leave(leaving)
  await leaving.waitForSelector('#username')
  const redeemed = requestsTo(fixture.tenant, 'Token').length
  deploy('later')
  await signInAtTenant(leaving, fixture.origin)
  await whenStarted(leaving)
  expect(await stateOf(leaving)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: { code: 'callback_state' },
  })
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(redeemed)
  expect((await stateOf(tab)).status).toBe('signed-in')
  await signInAgain(leaving)
  expect(await stateOf(leaving)).toMatchObject({ status: 'signed-in', error: null })
})

test('a database that a later version has raised is shared with it, and not lost after a step back (R144)', async () => {
  deploy('built')
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const raised = await fixture.open('/raised', profile)
  const versions = () =>
    tab.evaluate(async () => (await indexedDB.databases()).map((one) => one.version))
  expect(await versions()).toEqual([2])
  const unharmed = { status: 'signed-in', error: null, warning: null }
  // Neither sends a refresh token that the other one has used: the provider would end the session.
  expect(await renew(raised)).toEqual(GIVEN)
  expect(await renew(tab)).toEqual(GIVEN)
  expect(await stateOf(tab)).toMatchObject(unharmed)
  expect(await stateOf(raised)).toMatchObject(unharmed)
  expect(requestsTo(fixture.tenant, 'Token').map(({ status }) => status)).toEqual([200, 200, 200])
  await tab.evaluate(() => auth.signOut({ local: true }))
  await raised.waitForFunction(isSignedOut)
  // The later version is taken back: its database stays as it is.
  await tab.reload()
  await whenStarted(tab)
  await signInAgain(tab)
  expect(await stateOf(tab)).toMatchObject(unharmed)
  expect(await versions()).toEqual([2])
})
