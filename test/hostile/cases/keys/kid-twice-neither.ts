import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'two keys have the name that the ID token gives, and neither has signed it',
  keySet: () => ({
    keys: [
      { ...KEYS.next.jwk, kid: 'honest' },
      { ...KEYS.elliptic.jwk, kid: 'honest' },
    ],
  }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
