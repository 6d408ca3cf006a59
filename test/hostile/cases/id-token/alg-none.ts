import { defineCase } from '../../define-case.ts'
import { signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token is not signed and says so',
  idToken: ({ header, claims }) => signRaw({ ...header, alg: 'none' }, claims, null),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: no signed JWT.',
  },
})
