import type { SignInRequest } from 'tessera-auth'
import { expect } from 'vitest'
import type { Snapshot } from './app.ts'
import { checkInvariants } from './check-invariants.ts'
import { createStage, type Stage, type Tab, type World, within } from './create-stage.ts'
import type { Act, HostileCase } from './define-case.ts'
import { members } from './mutations.ts'
import type { Mutation } from './provider/mutation.ts'
import { expectedOn, isByRedirect, isHandedOver, type Way } from './ways.ts'

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

/** How long a page waits for a callback that never comes, in milliseconds. */
const SHORT: Partial<Record<Way, number>> = { popup: 5_000, frame: 1_500 }

/**
 * Runs a case about the callback on another way than by redirect: with the same callback, checked as
 * strictly. See {@link expectedOn} for what may come of it.
 */
export async function runCaseOn(
  world: World,
  way: Exclude<Way, 'redirect'>,
  each: HostileCase,
): Promise<void> {
  const { expected, shown, inWindow } = await expectedOn(way, each)
  const inFrame: Partial<HostileCase> = {
    act: 'renew',
    // Without one the frame is what renews.
    honest: {
      ...each.honest,
      ...(each.metadata && { metadata: each.metadata }),
      tokens: members({ refresh_token: undefined }),
    },
  }
  const changed = { ...each, ...(way === 'frame' && inFrame), expect: expected }
  const twin: HostileCase = { ...changed, what: '', expect: { end: 'SIGNED-IN' } }
  await runTwin(world, twin, way)
  const patience = (await isHandedOver(each)) ? undefined : SHORT[way]
  await run(world, changed, true, way, patience, async (stage, end) => {
    if (inWindow) expect(stage.others.at(-1)?.error?.code, 'in the window').toBe(inWindow)
    if (shown) expect((await stage.tabs[0]?.snapshot())?.error?.code, 'in the state').toBe(shown)
    const own = stage.tabs.map((tab) => tab.page)
    const left = own[0]?.context().pages() ?? []
    for (const window of left.filter((each) => !own.includes(each))) {
      if (!window.isClosed()) await within(window.waitForEvent('close'), 'A window is left.')
    }
    if (way === 'popup') expect(end.path).toBe('/')
    if (way === 'forward' && end.status === 'signed-in') expect(end.path).toBe('/arrived')
  })
}

/** Of twins that differ in nothing, one runs for all. */
function runTwin(world: World, each: HostileCase, way: Way = 'redirect'): Promise<void> {
  const { play, honest, expect: expected, options, request, act } = each
  if (way === 'redirect' && (play || honest || expected.check)) return run(world, each, false)
  const key = JSON.stringify([way, options?.({ url: 'issuer' } as never), request, act])
  const known = world.twins.get(key) ?? run(world, each, false, way)
  world.twins.set(key, known)
  return known
}

async function run(
  world: World,
  each: HostileCase,
  hostile: boolean,
  way: Way = 'redirect',
  patience?: number,
  more?: (stage: Stage, end: Snapshot) => Promise<void>,
): Promise<void> {
  const stage = await createStage(world, each, hostile, way, patience)
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
    await more?.(stage, end)
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
  await tab.page.evaluate((given) => void window.app.call('signIn', given), request)
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

/** Whether it is the report of a page that a redirect led back to, and not of the one that left. */
const hasReturned = ({ path }: Snapshot): boolean => path !== '/'

/** The mutation is off, the clients are closed: the page makes another and signs in. */
async function checkAftermath(stage: Stage, honest: Mutation = {}): Promise<void> {
  const { issuer, tabs, origin, way } = stage
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
  if (isByRedirect(way) && !hasReturned(end)) end = await tab.report()
  expect(summary(end), 'aftermath: an honest sign-in works').toEqual({ status: 'signed-in' })
}
