import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the alg stands twice in the header of the ID token, none first',
  idToken: ({ header, claims }) =>
    signRaw(
      JSON.stringify(header).replace('{', '{"alg":"none",'),
      claims,
      KEYS.honest.privateKey,
      'RS256',
    ),
  expect: { end: 'SIGNED-IN' },
})
