import { expect, test } from 'vitest'
import { beginSignIn } from '../../../src/session/begin-sign-in.ts'
import { MINUTE, moveClock, openTab, sign, useTabs } from './open-tab.ts'

useTabs()

const seconds = () => Math.floor(Date.now() / 1000)

/** Renews a minute later, by an ID token with these claims. */
async function renew({ session, answerBy }: ReturnType<typeof openTab>, claims: object) {
  moveClock(MINUTE)
  answerBy(async () => ({ id_token: await sign('alice', undefined, claims) }))
  return session.token('', undefined, true)
}

test('a renewal goes on with the sign-in that its refresh token is of, also after a step-up that brought none (R73)', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  const authTime = seconds()
  await tab.complete(begun, undefined, {
    refresh_token: 'one',
    id_token: await sign('alice', begun.nonce, { auth_time: authTime }),
  })
  await renew(tab, { auth_time: authTime })
  // OpenID Connect Core §11: without prompt=consent a provider ignores "offline_access".
  const stepUp = await tab.begin(true)
  await tab.complete(stepUp, undefined, {
    id_token: await sign('alice', stepUp.nonce, { auth_time: seconds() }),
  })
  // OpenID Connect Core §12.2: the time of the original authentication, and its nonce if there is any.
  await expect(renew(tab, { auth_time: authTime })).resolves.toBeDefined()
  await expect(renew(tab, { nonce: begun.nonce })).resolves.toBeDefined()
})

test('a renewed ID token may have the nonce of the sign-in, also where the one before had none (R73)', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  await tab.complete(begun, 'alice')
  await renew(tab, {})
  await expect(renew(tab, { nonce: begun.nonce })).resolves.toBeDefined()
})

test('a renewed ID token has the auth_time of the sign-in, also where the one before had none (R73)', async () => {
  const tab = openTab()
  const begun = await tab.begin(false)
  await tab.complete(begun, undefined, {
    refresh_token: 'one',
    id_token: await sign('alice', begun.nonce, { auth_time: seconds() }),
  })
  await renew(tab, {})
  await expect(renew(tab, { auth_time: seconds() })).rejects.toMatchObject({
    code: 'session_expired',
    message: expect.stringContaining('auth_time'),
  })
})

test('a renewed ID token from a server whose clock is three minutes ahead does not end the session at the next (R73)', async () => {
  const tab = openTab()
  await tab.complete(await tab.begin(false), 'alice')
  await renew(tab, { iat: seconds() + 240, exp: seconds() + 540 })
  await expect(renew(tab, {})).resolves.toBeDefined()
})

/**
 * Signs in with `max_age=0` after three minutes at the provider, by an authentication that was `before`
 * seconds before the sign-in began.
 */
async function signInAtOnce(before: number) {
  const tab = openTab()
  const target = { redirectUri: 'https://app.example/callback', scope: ['openid'], tokenKey: '' }
  const { url, state } = await beginSignIn(
    tab.session,
    { ...target, returnTo: null, resource: [], audience: undefined },
    { maxAge: 0 },
  )
  const nonce = new URL(url).searchParams.get('nonce')
  const authTime = seconds() - before
  moveClock(3 * MINUTE)
  const idToken = await sign('alice', nonce, { auth_time: authTime })
  return tab.complete({ state, nonce }, undefined, { id_token: idToken })
}

test('max_age counts until the sign-in began: what the user reads afterwards takes its time (R61)', async () => {
  expect(await signInAtOnce(0)).toMatchObject({ error: null })
})

test('a sign-in from before it was asked for is too old for max_age=0 however long it takes (R61)', async () => {
  expect(await signInAtOnce(120)).toMatchObject({
    error: { code: 'id_token_invalid', message: 'The ID token is refused: auth_time.' },
  })
})
