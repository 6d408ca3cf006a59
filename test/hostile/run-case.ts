import type { SignInRequest } from 'tessera-auth'
import { expect } from 'vitest'
import type { App, Snapshot } from './app.ts'
import { checkInvariants } from './check-invariants.ts'
import { createStage, type Stage, type Tab, type World } from './create-stage.ts'
import type { Act, HostileCase } from './define-case.ts'
import type { Mutation } from './provider/mutation.ts'

/** Parameters of an authorization response, in an address. */
const RESPONSE = /[?&#](code|state|iss|error|error_description|id_token|access_token|response)=/

const METHODS: Readonly<Record<Act, readonly [string, ...unknown[]]>> = {
  renew: ['getAccessToken', { forceRenewal: true }],
  'user-info': ['userInfo'],
}

/**
 * Runs a case twice, each time with a new user at a new provider: without the mutation, and with it.
 * Counts only if the honest twin signs in. After both, the invariants hold, and where the mutation
 * was, an honest sign-in works on the same page as soon as it is off.
 */
export async function runCase(world: World, each: HostileCase): Promise<void> {
  await runTwin(world, each)
  await run(world, each, true)
}

/** Of twins that differ in nothing, one runs for all. */
function runTwin(world: World, each: HostileCase): Promise<void> {
  const { play, honest, expect: expected, options, request, act } = each
  if (play || honest || expected.check) return run(world, each, false)
  const key = JSON.stringify([options?.({ url: 'issuer' } as never), request, act])
  const known = world.twins.get(key) ?? run(world, each, false)
  world.twins.set(key, known)
  return known
}

async function run(world: World, each: HostileCase, hostile: boolean): Promise<void> {
  const stage = await createStage(world, each, hostile)
  const { issuer } = stage
  const who = hostile ? 'hostile' : 'honest twin'
  let sound = false
  try {
    issuer.mutation = each.honest ?? {}
    const play = each.play ?? (each.act ? signInAndAct : signIn)
    const end = await play(stage, each)
    if (hostile) checkEnd(each, end, stage)
    else expect(summary(end), `${who}: it has to sign in`).toEqual({ status: 'signed-in' })
    await each.expect.check?.(end, stage)
    expect(await checkInvariants(stage), `${who}: invariants`).toEqual([])
    if (hostile) await checkAftermath(stage, each.honest)
    sound = true
  } finally {
    issuer.mutation = {}
    await stage.end(sound)
  }
}

/** One user who signs in, from the app's page to the callback. */
export async function signIn(stage: Stage, each?: HostileCase): Promise<Snapshot> {
  if (stage.hostile && each) stage.issuer.mutation = { ...each.honest, ...each }
  const tab = await stage.newTab()
  return tab.goto(`${stage.origin}/`)
}

/** Makes the page of a tab sign in, without waiting for what comes of it. */
export async function leave(tab: Tab, request: SignInRequest = {}): Promise<void> {
  await tab.page.evaluate(
    (given) => void (window as unknown as { app: App }).app.call('signIn', given),
    request,
  )
}

async function signInAndAct(stage: Stage, each: HostileCase): Promise<Snapshot> {
  const signedIn = await signIn(stage)
  expect(summary(signedIn)).toEqual({ status: 'signed-in' })
  if (stage.hostile) stage.issuer.mutation = { ...each.honest, ...each }
  const [tab] = stage.tabs
  const [name, ...given] = METHODS[each.act as Act]
  stage.issuer.log.length = 0
  const { error } = (await tab?.call(name, ...given)) ?? {}
  const end = (await tab?.snapshot()) as Snapshot
  return { ...end, error: error ?? null }
}

/** What counts of a snapshot. */
export function summary({ status, error }: Snapshot) {
  return { status, ...(error && { code: error.code, message: error.message }) }
}

function checkEnd({ expect: expected, act }: HostileCase, end: Snapshot, stage: Stage): void {
  const { issuer } = stage
  const message = expected.message?.replace('{issuer}', issuer.url)
  const stays = expected.end === 'SIGNED-IN' || expected.end === 'KEEP'
  expect({
    ...summary(end),
    ...(message === undefined && { message }),
    ...(!stays && { reason: end.reason }),
  }).toEqual({
    status: stays ? 'signed-in' : 'signed-out',
    ...(expected.code && { code: expected.code }),
    message,
    ...(!stays && { reason: expected.end === 'ENDED' ? 'session-ended' : 'sign-in-failed' }),
  })
  expect(end.href, 'the address is clean').not.toMatch(RESPONSE)
  expect(end.error ?? {}).toMatchObject(expected.error ?? {})
  const due = act === 'user-info' || end.path !== '/callback' ? 0 : 1
  expect(issuer.count('token'), 'token requests').toBe(expected.tokenRequests ?? due)
  if (expected.discoveryRequests !== undefined) {
    expect(issuer.count('discovery'), 'discovery requests').toBe(expected.discoveryRequests)
  }
  expect(issuer.count('jwks'), 'key requests').toBeLessThanOrEqual(expected.mostKeyRequests ?? 3)
}

/** The mutation is off, the clients are closed: the page makes another and signs in. */
async function checkAftermath(stage: Stage, honest: Mutation = {}): Promise<void> {
  const { issuer, tabs, origin } = stage
  issuer.mutation = honest
  issuer.interactive = false
  stage.impatient = false
  const tab = tabs.findLast(({ page }) => !page.isClosed() && page.url().startsWith(origin))
  if (!tab) return
  await tab.page.locator('button').click()
  let end = await tab.report()
  // Where the session stayed there is nothing to sign in.
  if (end.status === 'signed-in' && !end.calls.some(({ name }) => name === 'signIn')) {
    const token = await tab.call('getAccessToken')
    expect(token.error?.code, 'aftermath: the session is of use').toBe(undefined)
    return
  }
  if (end.path !== '/callback') end = await tab.report()
  expect(summary(end), 'aftermath: an honest sign-in works').toEqual({ status: 'signed-in' })
}
