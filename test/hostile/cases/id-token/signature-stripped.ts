import { defineCase } from '../../define-case.ts'
import { signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the signature of the ID token is empty',
  idToken: ({ header, claims }) => signRaw(header, claims, null),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: no signed JWT.',
  },
})
