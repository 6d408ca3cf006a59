import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readChallenges } from '../../../src/protocol/read-challenges.ts'
import { readFailure } from '../../../src/protocol/read-failure.ts'
import { cleanText } from '../../../src/protocol/read-json.ts'
import { answerOf, keepPrototype } from './parsing.ts'

keepPrototype()

test.for<[number, object | undefined, object, object]>([
  [
    400,
    { error: 'invalid_grant', error_description: 'used' },
    {},
    {
      code: 'token_request_refused',
      providerError: 'invalid_grant',
      providerErrorDescription: 'used',
      retryable: false,
    },
  ],
  [400, undefined, {}, { code: 'provider_unavailable', retryable: true }],
  [408, { error: 'invalid_grant' }, {}, { code: 'provider_unavailable', retryable: true }],
  [421, { error: 'invalid_grant' }, {}, { code: 'provider_unavailable', retryable: true }],
  [425, { error: 'invalid_grant' }, {}, { code: 'provider_unavailable', retryable: true }],
  [429, undefined, { 'retry-after': '7' }, { code: 'provider_unavailable', retryAfter: 7000 }],
  [503, undefined, { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' }, { retryAfter: 7000 }],
  [503, undefined, { 'retry-after': 'Wed, 31 Dec 1969 00:00:00 GMT' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': 'soon' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': '0' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': '999999999' }, { retryAfter: 2 ** 31 - 1 }],
  [503, undefined, { 'retry-after': '99999999999999' }, { retryAfter: undefined }],
  [
    400,
    { error: 'temporarily_unavailable' },
    {},
    { code: 'provider_unavailable', retryable: true },
  ],
  // A refusal without a reason, as a bare status is one.
  ...[{ error: { toString: 1 } }, { error: '' }, { message: 'bad request' }].map(
    (json): [number, object, object, object] => [
      400,
      json,
      {},
      { code: 'token_request_refused', providerError: undefined, retryable: true },
    ],
  ),
  [400, { error: 'server_error' }, {}, { code: 'provider_unavailable', retryable: true }],
  // Some providers send an error with 200.
  [200, { error: 'access_denied' }, {}, { code: 'token_request_refused', retryable: false }],
  // A gateway's as likely.
  [401, { message: 'no key' }, {}, { code: 'provider_unavailable', retryable: true }],
  [403, { message: 'Forbidden' }, {}, { code: 'provider_unavailable', retryable: true }],
  [400, { error: 'slow_down' }, {}, { code: 'provider_unavailable', retryable: true }],
  // Whatever the status, these are an OAuth error's.
  ...['invalid_scope', 'unauthorized_client', 'unsupported_grant_type'].map(
    (error): [number, object, object, object] => [
      404,
      { error },
      {},
      { code: 'token_request_refused', providerError: error, retryable: false },
    ],
  ),
  [403, null as never, {}, { code: 'token_request_refused', retryable: true }],
  [200, null as never, {}, { code: 'provider_unavailable', retryable: true }],
  [404, { message: 'no route' }, {}, { code: 'provider_unavailable', retryable: true }],
])('readFailure() makes of %i %j %j an error like %j', ([status, json, headers, expected]) => {
  expect(readFailure(answerOf(json, status, headers))).toMatchObject(expected)
})

test('readFailure() repeats what a provider says cut and without what could deceive', () => {
  const text = `\u202eevil\u0000\r\n\u2028\u2029\ud800${'x'.repeat(5000)}`
  const error = readFailure(answerOf({ error: text, error_description: text }, 400))
  for (const said of [error.providerError, error.providerErrorDescription]) {
    expect(said).toMatch(/^evilx+$/)
    expect(said?.length).toBeLessThanOrEqual(512)
  }
  expect(error.message).not.toMatch(/\p{C}/u)
})

test('cleanText() hides a secret each time, and none that is shorter than four characters', () => {
  expect(cleanText(`${'abcd '.repeat(9)}abc`, ['abcd', 'abc'])).toBe(`${'... '.repeat(9)}abc`)
})

test('readChallenges() reads what is well-formed and gives nothing otherwise, in linear time', async () => {
  expect(
    await readChallenges('Bearer realm="a, b", error="insufficient_scope", scope="x y"'),
  ).toEqual([
    { scheme: 'bearer', parameters: { realm: 'a, b', error: 'insufficient_scope', scope: 'x y' } },
  ])
  const several = await readChallenges('Basic realm="x", BEARER Error=invalid_token')
  expect(several.map(({ scheme }) => scheme)).toEqual(['basic', 'bearer'])
  // Space before a comma is allowed (RFC 9110 §5.6.1), and is kept within quotes.
  expect(
    await readChallenges(
      'Basic \t, Bearer realm="a , \\" , b" , error=invalid_token \t, Digest , DPoP',
    ),
  ).toEqual([
    { scheme: 'basic', parameters: {} },
    { scheme: 'bearer', parameters: { realm: 'a , " , b', error: 'invalid_token' } },
    { scheme: 'digest', parameters: {} },
    { scheme: 'dpop', parameters: {} },
  ])
  // So are elements that are empty (RFC 9110 §5.6.1.2), first, last and between.
  const bearer = { scheme: 'bearer', parameters: { error: 'a', scope: 'b, ,c' } }
  for (const header of [
    'Bearer , error="a", scope="b, ,c"',
    ',, Bearer error = "a",, scope="b, ,c" ,',
    'Bearer,error="a" , ,scope="b, ,c",,',
    'Bearer , , error = a, scope="b, ,c" , ',
  ]) {
    expect(await readChallenges(header), header).toEqual([bearer])
  }
  expect(await readChallenges('Negotiate abc==,')).toMatchObject([{ scheme: 'negotiate' }])
  expect(await readChallenges('Basic realm="x", Negotiate,')).toEqual([
    { scheme: 'basic', parameters: { realm: 'x' } },
    { scheme: 'negotiate', parameters: {} },
  ])
  for (const header of [null, '', '=', ',,,,', 'Bearer "'.repeat(500), 'a'.repeat(1e6)]) {
    expect(await readChallenges(header)).toEqual([])
  }
  // What is longer than anybody needs is not looked at (R145).
  const longest = `Bearer error="${'x'.repeat(16_384 - 15)}"`
  expect(await readChallenges(longest)).toMatchObject([{ scheme: 'bearer' }])
  expect(await readChallenges(`${longest} `)).toEqual([])
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), async (header) => {
      // Others cannot arrive in a header.
      fc.pre(/^[\x20-\x7e\t]*$/.test(header))
      expect(Array.isArray(await readChallenges(header))).toBe(true)
    }),
  )
})
