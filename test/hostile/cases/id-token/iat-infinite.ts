import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the iat of the ID token is larger than any number',
  idToken: ({ header, claims }) =>
    signRaw(
      header,
      JSON.stringify(claims).replace(/"iat":\d+/, '"iat":-1e400'),
      KEYS.honest.privateKey,
    ),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
