import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the exp of the ID token is larger than any number',
  idToken: ({ header, claims }) =>
    signRaw(
      header,
      JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400'),
      KEYS.honest.privateKey,
    ),
  // No end is an end that nobody can check; it parses to infinity, which no time ever is.
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
