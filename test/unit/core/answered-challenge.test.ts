import { expect, test } from 'vitest'
import { isAnswered } from '../../../src/client/is-answered.ts'
import { MINUTE, moveClock, openTab, sign, useTabs } from './open-tab.ts'

useTabs()

type Tab = ReturnType<typeof openTab>

const seconds = () => Math.floor(Date.now() / 1000)
const CHALLENGE = 'a stronger sign-in'

/** Signs in with a refresh token, and steps up: a provider may give none for that, or another one. */
async function stepUp(tab: Tab, refreshToken?: string): Promise<void> {
  await tab.complete(await tab.begin(false), 'alice')
  const begun = await tab.begin(true, CHALLENGE)
  await tab.complete(begun, undefined, {
    refresh_token: refreshToken,
    id_token: await sign('alice', begun.nonce, { auth_time: seconds() }),
  })
}

/** Renews two minutes later, by an ID token with no more than it must have. */
async function renew({ session, answerBy }: Tab): Promise<void> {
  moveClock(2 * MINUTE)
  answerBy(async () => ({ id_token: await sign('alice') }))
  await session.token('', undefined, true)
}

const answers = ({ session }: Tab, maxAge?: number) =>
  isAnswered(session, {
    challenge: CHALLENGE,
    message: '',
    ...(maxAge !== undefined && { maxAge }),
  })

test('a challenge that a step-up has answered is open again when the refresh token of an earlier sign-in has renewed (R146)', async () => {
  const tab = openTab()
  await stepUp(tab)
  expect(answers(tab)).toBe(true)
  await renew(tab)
  // The token is of the first sign-in: the API will refuse it, and another step-up is all that helps.
  expect(answers(tab)).toBe(false)
})

test('a challenge stays answered when the refresh token of the step-up has renewed (R146)', async () => {
  const tab = openTab()
  await stepUp(tab, 'of the step-up')
  await renew(tab)
  expect(answers(tab)).toBe(true)
})

test('a challenge with max_age comes again when the sign-in is older, also where renewed ID tokens have no auth_time (R146)', async () => {
  const tab = openTab()
  await stepUp(tab, 'of the step-up')
  await renew(tab)
  expect(answers(tab, 180)).toBe(true)
  expect(answers(tab, 90)).toBe(false)
})

test.each([
  ['behind', -10],
  ['ahead', 10],
])(
  'a challenge with max_age comes again after that time, on a device whose clock is ten minutes %s (R146, R178)',
  async (_, minutes) => {
    const tab = openTab()
    // The provider's time: it signs by its own clock.
    const time = (device = Date.now()) => Math.floor(device / 1000) - minutes * 60
    moveClock(0)
    const tokens = async ({ nonce }: { nonce: string | null }) => {
      const claims = { iat: time(), exp: time() + 300, auth_time: time() }
      return { refresh_token: 'one', id_token: await sign('alice', nonce, claims) }
    }
    const first = await tab.begin(false)
    await tab.complete(first, undefined, await tokens(first))
    const begun = await tab.begin(true, CHALLENGE)
    await tab.complete(begun, undefined, await tokens(begun))
    moveClock(MINUTE)
    expect(answers(tab, 90)).toBe(true)
    moveClock(MINUTE)
    expect(answers(tab, 90)).toBe(false)
  },
)
