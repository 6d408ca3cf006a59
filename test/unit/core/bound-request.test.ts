import { expect, test } from 'vitest'
import { createAuthorizedFetch } from '../../../src/http/create-authorized-fetch.ts'
import { listResource } from '../../../src/http/match-resource.ts'
import type { TokenBinding } from '../../../src/types/capabilities.ts'

const API = 'https://api.example/'

const token = { accessToken: 'of alice', tokenType: 'DPoP', scope: [] }
const PORTS = {
  resources: [listResource({ url: API }, new URL(API))],
  href: () => 'https://app.example/',
  base: () => 'https://app.example/',
  atHand: () => token,
  token: async () => ({ ...token, accessToken: 'of alice, renewed' }),
  readChallenges: async () => [],
  isAnswered: () => false,
}

/** A call of alice, which bob overtakes: before its proof is made, or before the second one is. */
async function call(overtaken: 'first' | 'again') {
  let owner = 'alice'
  let sent = 0
  const send: TokenBinding['send'] = async (_url, _method, _token, attempt) => {
    if (overtaken === 'first') owner = 'bob'
    await attempt('proof', false)
    owner = 'bob'
    return (await attempt('proof with the nonce', true)) as never
  }
  const authorized = createAuthorizedFetch({
    ...PORTS,
    fetch: () => async () => {
      sent++
      return new Response(null, { status: 401 })
    },
    usable: () => token,
    owner: () => owner,
    binding: { thumbprint: async () => '', send },
  })
  await expect(authorized(API)).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user who asked for this is not signed in any more.',
  })
  return sent
}

test.for([
  ['first', 0],
  ['again', 1],
] as const)(
  'a request with a proof is not sent once another user has signed in: %s (R32)',
  async ([overtaken, times]) => {
    expect(await call(overtaken)).toBe(times)
  },
)

test('a request with a proof that is sent again after a renewal passes the cache by, like every other', async () => {
  const modes: unknown[] = []
  const send: TokenBinding['send'] = async (_url, _method, _token, attempt) =>
    (await attempt('proof', false)) as never
  const authorized = createAuthorizedFetch({
    ...PORTS,
    fetch: () => async (_, init) => {
      modes.push(init?.cache)
      return new Response(null, { status: modes.length === 1 ? 401 : 200 })
    },
    usable: () => token,
    owner: () => 'alice',
    binding: { thumbprint: async () => '', send },
  })
  expect(await authorized(API)).toMatchObject({ status: 200 })
  expect(modes).toEqual([undefined, 'reload'])
})
