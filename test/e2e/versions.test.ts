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
/** The package as it will be when what it stores has another form. */
let laterBuild = ''

beforeAll(async () => {
  let changes = 0
  const bundle = await rollup({
    input: 'src/script.ts',
    plugins: [
      {
        name: 'another format',
        async load(id) {
          if (!/src.(session|client)/.test(id)) return null
          const code = await readFile(id, 'utf8')
          return code.replace(/\bformat(: | === )1\b/g, (_, relation) => {
            changes++
            return `format${relation}2`
          })
        },
      },
      nodeResolve(),
      esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' }),
    ],
  })
  const { output } = await bundle.generate({ format: 'iife', name: 'tessera' })
  laterBuild = output[0].code
  // The type, what reads it, and the two that write it.
  expect(changes).toBe(4)
})

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  fixture.pages.setPage('/later', pageOf('later'))
})

type Version = 'built' | 'later'

function pageOf(version: Version): string {
  const html = appPage(fixture.options)
  if (version === 'built') return html
  return html
    .replace("import { createAuth } from 'tessera-auth'", 'const { createAuth } = tessera')
    .replace('<script type="module"', () => `<script>${laterBuild}</script><script type="module"`)
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
