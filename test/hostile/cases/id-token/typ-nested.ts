import { defineCase } from '../../define-case.ts'
import { nested } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the typ of the ID token is nested fifty thousand times',
  idToken: ({ header, claims }) =>
    signRaw(
      JSON.stringify(header).replace('"JWT"', nested(50_000)),
      claims,
      KEYS.honest.privateKey,
      'RS256',
    ),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
