import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { fetchUserInfo } from '../../../src/protocol/fetch-user-info.ts'
import { revokeToken } from '../../../src/protocol/revoke-token.ts'
import type { Transport } from '../../../src/protocol/transport.ts'
import { answerOf, keepPrototype, METADATA } from './parsing.ts'

keepPrototype()

test.for([
  [200, { sub: 'alice', name: 'Alice' }, { sub: 'alice', name: 'Alice' }],
  ...[201, 204, 302, 401, 404].map(
    (status) =>
      [
        status,
        { sub: 'alice' },
        `userinfo_invalid: The UserInfo endpoint answered with status ${status} and not about this user.`,
      ] as const,
  ),
  [
    200,
    { sub: 'bob' },
    'userinfo_invalid: The UserInfo endpoint answered with status 200 and not about this user.',
  ],
] as const)('fetchUserInfo() makes of %i %j: %j (R65)', async ([status, json, expected]) => {
  const sent: unknown[] = []
  const transport: Transport = async (...request) => {
    sent.push(request)
    return answerOf(json, status)
  }
  const verdict = await fetchUserInfo(
    { transport, binding: undefined, clientId: 'client' },
    { ...METADATA, userinfo_endpoint: 'https://login.example/userinfo' },
    { tokenType: 'Bearer', accessToken: 'token' },
    'alice',
    undefined,
  ).catch(({ code, message }) => `${code}: ${message}`)
  expect(verdict).toEqual(expected)
  expect(Object.isFrozen(verdict)).toBe(true)
  expect(sent).toEqual([
    [
      'https://login.example/userinfo',
      'userinfo_invalid',
      undefined,
      { authorization: 'Bearer token' },
    ],
  ])
})

test('revokeToken() says which client it is, and never rejects (R120)', async () => {
  const sent: unknown[] = []
  const transport: Transport = async (url, _, body) => {
    sent.push([url, String(body)])
    throw new AuthError('network', 'gone')
  }
  const metadata = { ...METADATA, revocation_endpoint: 'https://login.example/revoke' }
  await revokeToken({ transport, clientId: 'client' }, metadata, 'a token')
  expect(sent).toEqual([['https://login.example/revoke', 'token=a+token&client_id=client']])
})
