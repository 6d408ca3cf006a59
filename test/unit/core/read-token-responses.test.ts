import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTokenResponse } from '../../../src/protocol/read-token-response.ts'
import { hostileJson } from './hostile-json.ts'
import { answerOf, keepPrototype, TOKENS, verdictOf } from './parsing.ts'

keepPrototype()

test.for<[object, object | string]>([
  [TOKENS, { ...TOKENS, expires_in: undefined }],
  [
    { ...TOKENS, token_type: 'bEaReR' },
    { ...TOKENS, token_type: 'bEaReR', expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 3600 },
    { ...TOKENS, expires_in: 3600 },
  ],
  [
    { ...TOKENS, expires_in: '3600' },
    { ...TOKENS, expires_in: 3600 },
  ],
  [
    { ...TOKENS, expires_in: 0 },
    { ...TOKENS, expires_in: 0 },
  ],
  [
    { ...TOKENS, expires_in: 1.5 },
    { ...TOKENS, expires_in: 1.5 },
  ],
  [
    { ...TOKENS, expires_in: -1 },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 1e300 },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 'soon' },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: null },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: true },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: [3600] },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: { toString: 1, valueOf: 1 } },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, scope: null, id_token: '', refresh_token: null },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, unknown: { deep: [1] } },
    { ...TOKENS, expires_in: undefined },
  ],
  [{}, 'token_response_invalid: The token response has no usable access_token.'],
  [
    { token_type: 'Bearer' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: '' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 5 },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'a b' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'a\r\nx: y' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'caf\u00e9' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [{ access_token: 'at' }, 'token_response_invalid: The token response has no usable token_type.'],
  [
    { ...TOKENS, token_type: 'DPoP' },
    'token_response_invalid: The token response has no usable token_type.',
  ],
  [
    { ...TOKENS, token_type: ['Bearer'] },
    'token_response_invalid: The token response has no usable token_type.',
  ],
  [{ ...TOKENS, scope: ['a'] }, 'token_response_invalid: The token response has no usable scope.'],
  [
    { ...TOKENS, refresh_token: 5 },
    'token_response_invalid: The token response has no usable refresh_token.',
  ],
  [
    { ...TOKENS, id_token: {} },
    'token_response_invalid: The token response has no usable id_token.',
  ],
  [
    { ...TOKENS, error: 'invalid_grant' },
    'token_request_refused: The provider refused: invalid_grant.',
  ],
  [[TOKENS], 'token_response_invalid: The token response has no usable access_token.'],
])('readTokenResponse() makes of %j %j', ([json, expected]) => {
  expect(verdictOf(() => readTokenResponse(answerOf(json), 'bearer'))).toEqual(expected)
})

test('readTokenResponse() reads own members alone', () => {
  const json = JSON.parse('{"__proto__":{"access_token":"evil","token_type":"Bearer"}}')
  const inherited = Object.create({ access_token: 'evil', token_type: 'Bearer' })
  for (const each of [json, inherited]) {
    expect(verdictOf(() => readTokenResponse(answerOf(each), 'bearer'))).toBe(
      'token_response_invalid: The token response has no usable access_token.',
    )
  }
})

test('readTokenResponse() gives a sound response or a typed error, whatever comes', () => {
  const names = ['access_token', 'token_type', 'expires_in', 'scope', 'id_token', 'error']
  fc.assert(
    fc.property(
      hostileJson(names),
      fc.constantFrom(200, 200, 200, 201, 400, 500),
      (text, status) => {
        const verdict = verdictOf(() =>
          readTokenResponse(answerOf(JSON.parse(text), status), 'bearer'),
        )
        if (typeof verdict === 'string') return
        const tokens = verdict as Record<string, unknown>
        expect(status).toBe(200)
        expect(tokens.access_token).toMatch(/^[\x21-\x7e]+$/)
        expect(String(tokens.token_type).toLowerCase()).toBe('bearer')
        expect(tokens.expires_in === undefined || Number(tokens.expires_in) >= 0).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})
