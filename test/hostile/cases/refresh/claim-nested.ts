import { defineCase } from '../../define-case.ts'
import { nested } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'a claim of a renewed ID token is nested fifty thousand times',
  act: 'renew',
  idToken: ({ header, claims }) =>
    signRaw(
      header,
      JSON.stringify(claims).replace('{', `{"more":${nested(50_000)},`),
      KEYS.honest.privateKey,
    ),
  expect: { end: 'KEEP', code: 'token_response_invalid' },
})
