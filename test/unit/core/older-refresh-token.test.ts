import { expect, test } from 'vitest'
import { MINUTE, moveClock, openTab, refusal, sign, useTabs } from './open-tab.ts'

useTabs()

test('a step-up that brought no refresh token outlives the one of the sign-in before (R72)', async () => {
  const tab = openTab()
  const { session } = tab
  const lasting = { expires_in: 3600 }
  await tab.complete(await tab.begin(false), 'alice', { refresh_token: 'one', ...lasting })
  // OpenID Connect Core §11: without prompt=consent a provider ignores "offline_access".
  await tab.complete(await tab.begin(true), 'alice', lasting)
  const { accessToken } = await session.token('')
  moveClock(2 * MINUTE)
  tab.answerBy(async () => {
    throw refusal('invalid_grant')
  })
  await expect(session.token('resource https://other.example/')).rejects.toMatchObject({
    code: 'interaction_required',
    message: 'Only the user can get this access token: call auth.signIn().',
  })
  expect(session.state()).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
  expect(await session.token('')).toMatchObject({ accessToken })
})

test('where the older refresh token has renewed since, the provider ends the session by refusing it (R71)', async () => {
  const tab = openTab()
  const { session } = tab
  await tab.complete(await tab.begin(false), 'alice')
  await tab.complete(await tab.begin(true), 'alice', {})
  moveClock(2 * MINUTE)
  tab.answerBy(async () => ({ id_token: await sign('alice') }))
  await session.token('', undefined, true)
  moveClock(2 * MINUTE)
  tab.answerBy(async () => {
    throw refusal('invalid_grant')
  })
  await expect(session.token('', undefined, true)).rejects.toMatchObject({
    code: 'session_expired',
    message: 'The provider ended the session: The provider refused.',
    providerError: 'invalid_grant',
  })
  expect(session.state()).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
})
