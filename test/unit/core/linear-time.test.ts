import { expect, test } from 'vitest'
import { readCallback } from '../../../src/client/read-callback.ts'
import { listResource, matchResource } from '../../../src/http/match-resource.ts'
import {
  readAuthorizationCode,
  readResponseState,
} from '../../../src/protocol/authorization-response.ts'
import { readChallenges } from '../../../src/protocol/read-challenges.ts'
import { readFailure } from '../../../src/protocol/read-failure.ts'
import { cleanText } from '../../../src/protocol/read-json.ts'
import { readKeySet, readMetadata } from '../../../src/protocol/read-metadata.ts'
import { readTokenResponse } from '../../../src/protocol/read-token-response.ts'
import { verifyIdToken } from '../../../src/protocol/verify-id-token.ts'
import { answerOf, keepPrototype, METADATA, TOKENS, verdictOf } from './parsing.ts'

keepPrototype()

const UNITS = [
  ...'a.=&%?#/\\",;[{ ',
  ...['%2f', '../', 'a.', '\t', '\u202e', '\ud800', '"\\', 'a=', ', ', 'Bearer "', '{"a":'],
].map((unit) => [escape(unit), unit] as const)

// One that is quadratic takes minutes over a million characters.
test.for(UNITS)(
  'a million characters of %s are through in linear time (R181)',
  async ([, unit]) => {
    const text = unit.repeat(1_000_000 / unit.length)
    const metadata = readMetadata(METADATA, undefined, false)
    const redirectUri = 'https://app.example/callback'
    const listed = [
      listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
    ]
    const tokens = { ...TOKENS, access_token: text, scope: text, expires_in: text }
    const verdicts = [
      () => readTokenResponse(answerOf(tokens), 'Bearer'),
      () => readFailure(answerOf({ error: text, error_description: text }, 400, {})).message,
      () => cleanText(text, [text.slice(0, 1000), 'secret']),
      () => readMetadata({ ...METADATA, issuer: text }, undefined, false),
      () => readMetadata({ ...METADATA, token_endpoint: `https://${text}` }, undefined, false),
      () => readKeySet({ keys: text }),
      () => readCallback(`${redirectUri}?${text}#${text}`, redirectUri)?.scrubbed,
      () => readResponseState(new URLSearchParams({ state: text })),
      () => readAuthorizationCode(new URLSearchParams({ error: text }), metadata),
      () => matchResource(listed, `https://api.example/v1/${text}`),
      () => matchResource(listed, text),
    ].map(verdictOf)
    expect(verdicts).toHaveLength(11)
    expect(await readChallenges(text)).toEqual([])
    for (const idToken of [text, `${text}.${text}.${text}`, `a.${text}.a`]) {
      const response = { ...TOKENS, expires_in: undefined, id_token: idToken }
      await expect(
        verifyIdToken(response, metadata, 'client', async () => undefined, {}, 1000),
      ).rejects.toMatchObject({ code: 'id_token_invalid' })
    }
  },
)

// Looked through for each of them, it takes more than half a minute.
const LONGEST = { timeout: 10_000 }
test('a long path is looked through for one of many resources alone', LONGEST, () => {
  const listed = Array.from({ length: 5_000 }, (_, index) => {
    const url = `https://api.example/${index}/`
    return listResource({ url }, new URL(url))
  })
  const path = 'a.'.repeat(500_000)
  expect(matchResource(listed, `https://api.example/4999/${path}`)).toBe(listed[4999])
  expect(verdictOf(() => matchResource(listed, `https://api.example/4999/${path}%2f`))).toBe(
    'origin_not_allowed: This URL at https://api.example is not under a listed resource; nothing was sent.',
  )
})
